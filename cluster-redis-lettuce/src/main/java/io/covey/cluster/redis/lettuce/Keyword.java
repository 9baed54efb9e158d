package io.covey.cluster.redis.lettuce;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.redis.driver.RedisCommand;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The name of a command, and how the command looks on the wire.
 *
 * @param word the name
 * @param getBytes the name
 * @param bulk the name as an element of the command
 * @param unanswered whether pushes alone answer it; it takes a PING along, whose answer stands for its own
 */
record Keyword(String word, byte[] getBytes, byte[] bulk, boolean unanswered) implements ProtocolKeyword {
    private static final Map<String, Keyword> KNOWN = new ConcurrentHashMap<>();
    private static final byte[] PING = "*1\r\n$4\r\nPING\r\n".getBytes(US_ASCII);
    /** A length with its sign and both its ends. */
    private static final int LONGEST_HEAD = 1 + 10 + 2 + 2;

    static Keyword of(String name) {
        Keyword known = KNOWN.get(name);
        return known != null ? known : KNOWN.computeIfAbsent(name, Keyword::made);
    }

    private static Keyword made(String name) {
        byte[] raw = name.getBytes(UTF_8);
        return new Keyword(
                name,
                raw,
                ("$" + raw.length + "\r\n" + name + "\r\n").getBytes(UTF_8),
                RedisCommand.onlyPushesAnswer(name));
    }

    /** Lettuce's own way makes an object for each argument. */
    void encode(List<byte[]> args, ByteBuf buffer) {
        int size = LONGEST_HEAD + bulk.length;
        for (byte[] arg : args) {
            size += LONGEST_HEAD + arg.length;
        }
        buffer.ensureWritable(size);
        head('*', args.size() + 1, buffer);
        buffer.writeBytes(bulk);
        for (byte[] arg : args) {
            head('$', arg.length, buffer);
            buffer.writeBytes(arg);
            end(buffer);
        }
        if (unanswered) {
            buffer.writeBytes(PING);
        }
    }

    private static void head(char sign, int number, ByteBuf buffer) {
        buffer.writeByte(sign);
        if (number < 10) {
            buffer.writeByte('0' + number);
        } else if (number < 100) {
            buffer.writeByte('0' + number / 10);
            buffer.writeByte('0' + number % 10);
        } else {
            buffer.writeCharSequence(Integer.toString(number), US_ASCII);
        }
        end(buffer);
    }

    private static void end(ByteBuf buffer) {
        buffer.writeByte('\r');
        buffer.writeByte('\n');
    }

    @Override
    public String toString() {
        return word;
    }
}
