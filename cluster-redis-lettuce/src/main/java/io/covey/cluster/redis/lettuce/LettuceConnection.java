package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisConnection;
import io.covey.cluster.redis.driver.RedisError;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many callers on one connection that Lettuce has made. A caller that finds nothing in flight has its commands written at
 * once; commands that come while others are in flight wait for their answers and are then written together, at most
 * {@value #MOST_TOGETHER} or one batch at a time. To a server that is so far away that waiting would cost more than writing,
 * they are written as soon as the last write is {@value #FAR_WAIT_MICROS} µs old. All writing and reading is done by the
 * connection's thread.
 */
final class LettuceConnection implements RedisConnection, LettuceWire.User, ReplyReader.Sink {
    private static final Logger LOG = LoggerFactory.getLogger(LettuceConnection.class);
    private static final int MOST_TOGETHER = 512;
    private static final int FAR_WAIT_MICROS = 250;
    private static final long FAR_NANOS = 200_000;

    private static final class Batch {
        private final List<RedisCommand> commands;
        private final Object[] replies;
        private final CompletableFuture<List<Object>> answer = new CompletableFuture<>();
        private int answered;

        private Batch(List<RedisCommand> commands) {
            this.commands = commands;
            this.replies = new Object[commands.size()];
        }

        /** Whether a command is answered by the PING behind it. */
        private boolean isConfirmed(int command) {
            return RedisCommand.onlyPushesAnswer(commands.get(command).name());
        }
    }

    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final Listener listener;
    private final Consumer<CompletableFuture<Void>> onClosing;
    private final ReplyReader reader = new ReplyReader(this);
    private final CommandWriter writer = new CommandWriter();
    private final Queue<Batch> queued = new ConcurrentLinkedQueue<>();
    private final Queue<Batch> inFlight = new ArrayDeque<>();
    private final AtomicBoolean writeComes = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Whether something is in flight, or nothing can be written yet. */
    private volatile boolean busy = true;

    private volatile long lastWrite = System.nanoTime();
    private volatile long fastestNanos = Long.MAX_VALUE;
    private volatile @Nullable LettuceWire wire;

    LettuceConnection(
            StatefulRedisConnection<byte[], byte[]> connection,
            Listener listener,
            Consumer<CompletableFuture<Void>> onClosing) {
        this.connection = connection;
        this.listener = listener;
        this.onClosing = onClosing;
    }

    /** Takes the connection over from Lettuce. */
    LettuceConnection begin() {
        try {
            connection.dispatch(new LettuceWire.TakeOver(this));
        } catch (RedisException e) {
            onEnd(String.valueOf(e.getMessage()));
        }
        return this;
    }

    @Override
    public CompletableFuture<List<Object>> send(List<RedisCommand> commands) {
        Batch batch = new Batch(commands);
        queued.add(batch);
        if (!busy || isFar() && sinceLastWrite() >= TimeUnit.MICROSECONDS.toNanos(FAR_WAIT_MICROS)) {
            writeSoon();
        }
        return batch.answer;
    }

    private boolean isFar() {
        return fastestNanos >= FAR_NANOS;
    }

    private long sinceLastWrite() {
        return System.nanoTime() - lastWrite;
    }

    /** Many callers at once wake the connection's thread once. */
    private void writeSoon() {
        LettuceWire taken = wire;
        if (taken != null && writeComes.compareAndSet(false, true)) {
            try {
                taken.execute(this::writeUnlessBusy);
            } catch (RejectedExecutionException e) {
                onEnd("the driver was closed");
            }
        }
    }

    @Override
    public void onTaken(LettuceWire taken) {
        wire = taken;
        answered();
    }

    private void writeUnlessBusy() {
        writeComes.set(false);
        try {
            if (inFlight.isEmpty() || isFar()) {
                writeQueued();
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            onEnd(String.valueOf(e.getMessage()));
        }
    }

    private void writeQueued() {
        if (queued.isEmpty() || closed.get()) {
            return;
        }
        lastWrite = System.nanoTime();
        busy = true;
        List<Batch> together = new ArrayList<>();
        int commands = 0;
        long size = 0;
        for (Batch batch = queued.peek(); batch != null && commands < MOST_TOGETHER; batch = queued.peek()) {
            queued.remove();
            together.add(batch);
            commands += batch.commands.size();
            size += CommandWriter.most(batch.commands);
        }
        inFlight.addAll(together);
        ByteBuf out = wire.buffer((int) Math.min(size, Integer.MAX_VALUE));
        together.forEach(batch -> writer.write(batch.commands, out));
        wire.send(out);
    }

    @Override
    public void onBytes(ByteBuf in) {
        if (!closed.get()) {
            reader.read(in);
        }
    }

    @Override
    public void onReply(@Nullable Object reply) {
        if (closed.get()) {
            // What comes behind an error may belong to nothing that was sent.
            return;
        }
        Batch batch = inFlight.peek();
        if (batch == null) {
            onEnd("an answer to no command");
            return;
        }
        boolean confirmed = batch.isConfirmed(batch.answered);
        if (confirmed && reply instanceof RedisError error) {
            // What follows, the answer to its PING among it, cannot be told from the answers to the next commands.
            batch.replies[batch.answered] = error;
            batch.answer.complete(Arrays.asList(batch.replies));
            onEnd(error.message());
            return;
        }
        batch.replies[batch.answered++] = confirmed ? null : reply;
        if (batch.answered == batch.replies.length) {
            inFlight.remove();
            if (inFlight.isEmpty()) {
                if (isFar()) {
                    fastestNanos = Math.min(fastestNanos, sinceLastWrite());
                }
                answered();
            }
            batch.answer.complete(Arrays.asList(batch.replies));
        }
    }

    /** Whoever queues something either finds nothing in flight, or is found here. */
    private void answered() {
        busy = false;
        writeQueued();
    }

    @Override
    public void onPush(String kind, List<@Nullable Object> elements) {
        try {
            listener.onPush(kind, elements);
        } catch (RuntimeException e) {
            LOG.warn("A message was not taken; the next ones come", e);
        }
    }

    @Override
    public void onEnd(String reason) {
        listener.onClosed(reason);
        close();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            onClosing.accept(connection.closeAsync());
        }
    }
}
