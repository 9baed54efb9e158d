package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisConnection;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Many callers on one connection of Lettuce. A caller that finds nothing in flight has its commands written at once;
 * commands that come while others are in flight wait for their answers and are then written together, at most
 * {@value #MOST_TOGETHER} or one batch at a time. To a server that is so far away that waiting would cost more than writing,
 * they are written as soon as the last write is {@value #FAR_WAIT_MICROS} µs old. One dispatch is one write.
 */
final class LettuceConnection implements RedisConnection, RedisConnectionStateListener {
    private static final int MOST_TOGETHER = 512;
    private static final int FAR_WAIT_MICROS = 250;
    private static final long FAR_NANOS = 200_000;

    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final Listener listener;
    private final Consumer<CompletableFuture<Void>> onClosing;
    private final Queue<LettuceBatch> queued = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicBoolean writing = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile long lastWrite = System.nanoTime();
    private volatile long fastestNanos = Long.MAX_VALUE;
    /** Whether something was pushed that Lettuce has read. */
    private volatile boolean heard;

    /** Whether {@link MessageFilter} hands on the messages. Of whoever writes. */
    private boolean filtered;

    LettuceConnection(
            StatefulRedisConnection<byte[], byte[]> connection,
            Listener listener,
            Consumer<CompletableFuture<Void>> onClosing) {
        this.connection = connection;
        this.listener = listener;
        this.onClosing = onClosing;
        connection.addListener(this);
        connection.addListener(this::pushed);
        if (!connection.isOpen()) {
            listener.onClosed("closed by the server");
        }
    }

    @Override
    public CompletableFuture<List<Object>> send(List<RedisCommand> commands) {
        LettuceBatch batch = new LettuceBatch(commands, this::answered, this::failed);
        queued.add(batch);
        if (inFlight.get() == 0 || isFar() && sinceLastWrite() >= TimeUnit.MICROSECONDS.toNanos(FAR_WAIT_MICROS)) {
            writeQueued();
        }
        return batch.answer();
    }

    private boolean isFar() {
        return fastestNanos >= FAR_NANOS;
    }

    private long sinceLastWrite() {
        return System.nanoTime() - lastWrite;
    }

    private void answered() {
        if (inFlight.decrementAndGet() == 0) {
            if (isFar()) {
                fastestNanos = Math.min(fastestNanos, sinceLastWrite());
            }
            writeQueued();
        }
    }

    /** Whoever finds a write under way leaves its commands to that thread. */
    private void writeQueued() {
        while (!queued.isEmpty() && !closed.get() && writing.compareAndSet(false, true)) {
            try {
                boolean idle = inFlight.get() == 0;
                List<LettuceBatch.Item> together = new ArrayList<>();
                for (LettuceBatch batch = queued.peek();
                        batch != null && together.size() < MOST_TOGETHER;
                        batch = queued.peek()) {
                    queued.remove();
                    inFlight.incrementAndGet();
                    together.addAll(batch.commands());
                }
                if (idle && !heard && !filtered) {
                    filter(together);
                }
                lastWrite = System.nanoTime();
                if (together.size() == 1) {
                    // One task for the connection's thread instead of two, for each of which it may have to be woken.
                    connection.dispatch(together.get(0));
                } else if (!together.isEmpty()) {
                    connection.dispatch(together);
                }
            } catch (RedisException e) {
                failed(String.valueOf(e.getMessage()));
            } finally {
                writing.set(false);
            }
            if (inFlight.get() > 0) {
                return;
            }
        }
    }

    /** While nothing is under way, so that what comes next is the begin of a reply or of a push. */
    private void filter(List<LettuceBatch.Item> together) {
        if (together.stream().anyMatch(LettuceBatch.Item::unanswered)) {
            together.get(0).pushesTo(listener);
            filtered = true;
        }
    }

    private void failed(String reason) {
        listener.onClosed(reason);
        close();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            onClosing.accept(connection.closeAsync());
        }
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
        listener.onClosed("closed by the server");
    }

    private void pushed(PushMessage message) {
        heard = true;
        List<Object> content = message.getContent();
        List<Object> elements = new ArrayList<>(content.size());
        for (int i = 1; i < content.size(); i++) {
            elements.add(plain(content.get(i)));
        }
        listener.onPush(message.getType(), elements);
    }

    /** Without a copy where there is nothing else in what it stands on: Lettuce has made it for this element alone. */
    private static byte[] bytes(ByteBuffer buffer) {
        if (buffer.hasArray() && buffer.arrayOffset() == 0 && buffer.array().length == buffer.remaining()) {
            return buffer.array();
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static @Nullable Object plain(@Nullable Object element) {
        if (element instanceof ByteBuffer buffer) {
            return bytes(buffer);
        }
        if (element instanceof List<?> list) {
            List<Object> plain = new ArrayList<>(list.size());
            list.forEach(one -> plain.add(plain(one)));
            return plain;
        }
        return element;
    }
}
