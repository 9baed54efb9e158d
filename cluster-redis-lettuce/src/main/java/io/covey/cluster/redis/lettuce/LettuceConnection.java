package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.driver.CommandBatch;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisConnection;
import io.covey.cluster.redis.driver.WritePace;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many callers on one connection that Lettuce has made. A caller that finds nothing in flight has its commands written at
 * once; others are written as {@link WritePace} says. All writing and reading is done by the connection's thread.
 */
final class LettuceConnection implements RedisConnection, LettuceWire.User, ReplyReader.Sink {
    private static final Logger LOG = LoggerFactory.getLogger(LettuceConnection.class);

    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final Listener listener;
    private final Consumer<CompletableFuture<Void>> onClosing;
    private final ReplyReader reader = new ReplyReader(this);
    private final CommandWriter writer = new CommandWriter();
    private final Queue<CommandBatch> queued = new ConcurrentLinkedQueue<>();
    private final Queue<CommandBatch> inFlight = new ArrayDeque<>();
    private final WritePace pace = new WritePace();
    private final AtomicBoolean writeComes = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Whether something is in flight, or nothing can be written yet. */
    private volatile boolean busy = true;

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
            onEnd(LettuceWire.reason(e));
        }
        return this;
    }

    @Override
    public CompletableFuture<List<Object>> send(List<RedisCommand> commands) {
        CommandBatch batch = new CommandBatch(commands, new CompletableFuture<>());
        queued.add(batch);
        if (!busy || pace.isDue()) {
            writeSoon();
        }
        return batch.answer();
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
        goOn();
    }

    private void writeUnlessBusy() {
        writeComes.set(false);
        try {
            if (inFlight.isEmpty() || pace.isFar()) {
                writeQueued();
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            onEnd(LettuceWire.reason(e));
        }
    }

    private void writeQueued() {
        if (queued.isEmpty() || closed.get()) {
            return;
        }
        busy = true;
        List<CommandBatch> together = new ArrayList<>();
        pace.takeTogether(queued, together::add);
        inFlight.addAll(together);
        long size = 0;
        for (CommandBatch batch : together) {
            size += CommandWriter.most(batch.commands());
        }
        ByteBuf out = wire.buffer((int) Math.min(size, Integer.MAX_VALUE));
        together.forEach(batch -> writer.write(batch.commands(), out));
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
        String broken = CommandBatch.take(inFlight, reply, this::allAnswered);
        if (broken != null) {
            onEnd(broken);
        }
    }

    private void allAnswered() {
        pace.answered();
        goOn();
    }

    /** Whoever queues something either finds nothing in flight, or is found here. */
    private void goOn() {
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
