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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection of Lettuce: a batch is one dispatch, which is one write. */
final class LettuceConnection implements RedisConnection, RedisConnectionStateListener {
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final Listener listener;
    private final Consumer<CompletableFuture<Void>> onClosing;
    private final AtomicBoolean closed = new AtomicBoolean();

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
        LettuceBatch batch = new LettuceBatch(commands, reason -> {
            listener.onClosed(reason);
            close();
        });
        try {
            connection.dispatch(batch.commands());
        } catch (RedisException e) {
            listener.onClosed(String.valueOf(e.getMessage()));
            close();
        }
        return batch.answer();
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
        List<Object> content = message.getContent();
        List<Object> elements = new ArrayList<>(content.size());
        for (Object element : content.subList(1, content.size())) {
            elements.add(plain(element));
        }
        listener.onPush(message.getType(), elements);
    }

    private static @Nullable Object plain(@Nullable Object element) {
        if (element instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        if (element instanceof List<?> list) {
            List<Object> plain = new ArrayList<>(list.size());
            list.forEach(one -> plain.add(plain(one)));
            return plain;
        }
        return element;
    }
}
