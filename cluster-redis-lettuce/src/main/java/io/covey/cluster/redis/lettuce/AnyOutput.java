package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.driver.RedisError;
import io.covey.cluster.redis.driver.Replies;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes any reply; an error is a value like the others. */
final class AnyOutput extends CommandOutput<byte[], byte[], @Nullable Object> {
    private record Unfinished(List<@Nullable Object> list, int size) {}

    private final Deque<Unfinished> unfinished = new ArrayDeque<>(2);

    AnyOutput() {
        super(ByteArrayCodec.INSTANCE, null);
    }

    @Override
    public void set(@Nullable ByteBuffer bytes) {
        add(bytes == null ? null : copy(bytes));
    }

    @Override
    public void setSingle(ByteBuffer bytes) {
        set(bytes);
    }

    @Override
    public void setBigNumber(ByteBuffer bytes) {
        set(bytes);
    }

    @Override
    public void set(long integer) {
        add(integer);
    }

    @Override
    public void set(double number) {
        add(Replies.number(number));
    }

    @Override
    public void set(boolean value) {
        add(value ? 1L : 0L);
    }

    @Override
    public void setError(ByteBuffer message) {
        add(new RedisError(StandardCharsets.UTF_8.decode(message).toString()));
    }

    @Override
    public void setError(String message) {
        add(new RedisError(message));
    }

    @Override
    public void multi(int count) {
        if (count < 0) {
            add(null);
            return;
        }
        List<@Nullable Object> list = new ArrayList<>(count);
        if (count == 0) {
            add(list);
        } else {
            unfinished.push(new Unfinished(list, count));
        }
    }

    @Override
    public void multiMap(int count) {
        multi(count * 2);
    }

    private void add(@Nullable Object value) {
        Unfinished inner = unfinished.peek();
        if (inner == null) {
            output = value;
            return;
        }
        inner.list.add(value);
        if (inner.list.size() == inner.size) {
            unfinished.pop();
            add(inner.list);
        }
    }

    private static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }
}
