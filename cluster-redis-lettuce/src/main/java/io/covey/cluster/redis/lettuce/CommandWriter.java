package io.covey.cluster.redis.lettuce;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.redis.driver.RedisCommand;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Writes commands as they look on the wire. Not thread-safe. */
final class CommandWriter {
    private static final Map<String, byte[]> NAMES = new ConcurrentHashMap<>();
    private static final byte[] PING = "*1\r\n$4\r\nPING\r\n".getBytes(US_ASCII);
    private static final int CHUNK = 16 << 10;
    /** A sign, a length and its end. */
    private static final int LONGEST_HEAD = 1 + 10 + 2;

    private static final int AROUND = LONGEST_HEAD + 2;

    /** What is small is put together here first, since a buffer of netty checks every byte. */
    private final byte[] chunk = new byte[CHUNK];

    private int at;

    /** How many bytes commands have at most. */
    static long most(List<RedisCommand> commands) {
        long size = 0;
        for (RedisCommand command : commands) {
            size += LONGEST_HEAD + AROUND + 3L * command.name().length() + PING.length;
            for (byte[] arg : command.args()) {
                size += AROUND + arg.length;
            }
        }
        return size;
    }

    void write(List<RedisCommand> commands, ByteBuf out) {
        for (RedisCommand command : commands) {
            write(command, out);
        }
        passOn(out);
    }

    private void write(RedisCommand command, ByteBuf out) {
        head('*', command.args().size() + 1, out);
        text(name(command.name()), out);
        for (byte[] arg : command.args()) {
            text(arg, out);
        }
        // Its answer stands for that of a command which only pushes answer.
        if (RedisCommand.onlyPushesAnswer(command.name())) {
            bytes(PING, out);
        }
    }

    private static byte[] name(String name) {
        byte[] known = NAMES.get(name);
        return known != null ? known : NAMES.computeIfAbsent(name, made -> made.getBytes(UTF_8));
    }

    private void passOn(ByteBuf out) {
        out.writeBytes(chunk, 0, at);
        at = 0;
    }

    private void text(byte[] text, ByteBuf out) {
        head('$', text.length, out);
        bytes(text, out);
        lineEnd(out);
    }

    private void bytes(byte[] bytes, ByteBuf out) {
        if (bytes.length > CHUNK - at) {
            passOn(out);
            if (bytes.length > CHUNK) {
                out.writeBytes(bytes);
                return;
            }
        }
        System.arraycopy(bytes, 0, chunk, at, bytes.length);
        at += bytes.length;
    }

    private void head(char sign, int number, ByteBuf out) {
        if (CHUNK - at < LONGEST_HEAD) {
            passOn(out);
        }
        chunk[at++] = (byte) sign;
        int digits = 1;
        for (int left = number; left >= 10; left /= 10) {
            digits++;
        }
        int left = number;
        for (int i = at + digits - 1; i >= at; i--) {
            chunk[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
        at += digits;
        lineEnd(out);
    }

    private void lineEnd(ByteBuf out) {
        if (CHUNK - at < 2) {
            passOn(out);
        }
        chunk[at++] = '\r';
        chunk[at++] = '\n';
    }
}
