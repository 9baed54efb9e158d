package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisConnection;
import io.covey.cluster.redis.driver.RedisError;
import io.covey.cluster.redis.driver.Replies;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.PushConsumerChain;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.KeyValue;
import redis.clients.jedis.util.RedisInputStream;

/** A connection of Jedis with its two directions apart: one thread may write while another reads. */
final class JedisWire extends Connection {
    private static final Map<String, ProtocolCommand> NAMES = new ConcurrentHashMap<>();
    private static final byte PUSH = '>';
    private static final byte BULK = '$';
    private static final String MESSAGE = "message";
    private static final byte[] MESSAGE_BYTES = MESSAGE.getBytes(StandardCharsets.US_ASCII);

    /** Null while the handshake is read. */
    private final RedisConnection.@Nullable Listener listener;

    JedisWire(HostAndPort address, JedisClientConfig config, RedisConnection.Listener listener) {
        super(address, config);
        this.listener = listener;
        setTimeoutInfinite();
    }

    /** Jedis would open a new socket for the next command, without logging in: a connection that ended stays at its end. */
    @Override
    public void connect() {
        if (listener == null) {
            super.connect();
        } else if (!isConnected()) {
            throw new JedisConnectionException("closed");
        }
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

    /** Pushes are read here: what Jedis makes of each on its way to a consumer costs more than the reading. */
    @Override
    protected Object protocolRead(RedisInputStream in, PushConsumerChain consumers) {
        while (listener != null && in.peek(PUSH)) {
            in.readByte();
            int size = in.readIntCrLf();
            if (size < 1) {
                throw new JedisConnectionException("a push without a name");
            }
            String kind = kind(element(in, consumers));
            List<@Nullable Object> elements = new ArrayList<>(size - 1);
            for (int i = 1; i < size; i++) {
                elements.add(element(in, consumers));
            }
            listener.onPush(kind, elements);
        }
        return super.protocolRead(in, consumers);
    }

    private static String kind(@Nullable Object element) {
        if (!(element instanceof byte[] name)) {
            throw new JedisConnectionException("a push without a name");
        }
        return Arrays.equals(name, MESSAGE_BYTES) ? MESSAGE : new String(name, StandardCharsets.UTF_8);
    }

    private @Nullable Object element(RedisInputStream in, PushConsumerChain consumers) {
        if (!in.peek(BULK)) {
            return plain(super.protocolRead(in, consumers));
        }
        in.readByte();
        int length = in.readIntCrLf();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; ) {
            int read = in.read(bytes, at, length - at);
            if (read < 0) {
                throw new JedisConnectionException("Unexpected end of stream.");
            }
            at += read;
        }
        in.readByte();
        in.readByte();
        return bytes;
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
