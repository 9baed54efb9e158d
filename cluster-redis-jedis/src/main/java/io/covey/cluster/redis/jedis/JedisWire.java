package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisConnection;
import io.covey.cluster.redis.driver.RedisError;
import io.covey.cluster.redis.driver.Replies;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.PushConsumerContext;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.KeyValue;

/** A connection of Jedis with its two directions apart: one thread may write while another reads. */
final class JedisWire extends Connection {
    private static final Map<String, ProtocolCommand> NAMES = new ConcurrentHashMap<>();

    JedisWire(HostAndPort address, JedisClientConfig config, RedisConnection.Listener listener) {
        super(address, config);
        addPushConsumer(context -> push(context, listener));
        setTimeoutInfinite();
    }

    /** Without the consumers of Jedis, which would take the messages of pub/sub for replies. */
    @Override
    protected void initPushConsumers(JedisClientConfig config) {}

    /** Not sent before {@link #flush}, unless the buffer is full. */
    void write(RedisCommand command) {
        CommandArguments arguments = new CommandArguments(NAMES.computeIfAbsent(command.name(), JedisWire::named));
        command.args().forEach(arguments::add);
        sendCommand(arguments);
        // Its answer stands for that of a command which only pushes answer.
        if (RedisCommand.onlyPushesAnswer(command.name())) {
            sendCommand(Protocol.Command.PING);
        }
    }

    @Override
    public void flush() {
        super.flush();
    }

    /** Blocks until there is a reply; pushes before it go to the listener. */
    @Nullable
    Object read() {
        try {
            return plain(getUnflushedObject());
        } catch (JedisDataException e) {
            return new RedisError(e.getMessage());
        }
    }

    private static ProtocolCommand named(String name) {
        byte[] raw = name.getBytes(StandardCharsets.UTF_8);
        return () -> raw;
    }

    private static PushConsumerContext push(PushConsumerContext context, RedisConnection.Listener listener) {
        List<Object> content = context.getMessage().getContent();
        List<Object> elements = new ArrayList<>(content.size());
        content.subList(1, content.size()).forEach(element -> elements.add(plain(element)));
        listener.onPush(new String(context.getMessage().getType(), StandardCharsets.UTF_8), elements);
        context.drop();
        return context;
    }

    private static @Nullable Object plain(@Nullable Object reply) {
        if (reply instanceof List<?> list) {
            List<@Nullable Object> plain = new ArrayList<>(list.size());
            for (Object element : list) {
                if (element instanceof KeyValue<?, ?> pair) {
                    plain.add(plain(pair.getKey()));
                    plain.add(plain(pair.getValue()));
                } else {
                    plain.add(plain(element));
                }
            }
            return plain;
        }
        if (reply instanceof Boolean bool) {
            return bool ? 1L : 0L;
        }
        if (reply instanceof Double number) {
            return Replies.number(number);
        }
        if (reply instanceof BigInteger number) {
            return number.toString().getBytes(StandardCharsets.US_ASCII);
        }
        return reply instanceof JedisDataException error ? new RedisError(error.getMessage()) : reply;
    }
}
