package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisError;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** RESP3 on a plain socket. */
final class Resp3 implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Resp3(String host, int port) throws IOException {
        socket = new Socket(host, port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
        write(List.of(RedisCommand.of("HELLO", "3")));
        read();
    }

    /** What the server sent unasked. */
    record Push(String kind, List<Object> elements) {}

    void write(List<RedisCommand> commands) throws IOException {
        for (RedisCommand command : commands) {
            out.write(("*" + (command.args().size() + 1) + "\r\n").getBytes(UTF_8));
            bulk(command.name().getBytes(UTF_8));
            for (byte[] arg : command.args()) {
                bulk(arg);
            }
        }
        out.flush();
    }

    private void bulk(byte[] bytes) throws IOException {
        out.write(("$" + bytes.length + "\r\n").getBytes(UTF_8));
        out.write(bytes);
        out.write('\r');
        out.write('\n');
    }

    @Nullable
    Object read() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+', ',', '(' -> rest.getBytes(UTF_8);
            case ':' -> Long.valueOf(rest);
            case '#' -> rest.equals("t") ? 1L : 0L;
            case '-' -> new RedisError(rest);
            case '_' -> null;
            case '$', '=' -> bytes(Integer.parseInt(rest));
            case '*', '~' -> list(Integer.parseInt(rest));
            case '%' -> list(2 * Integer.parseInt(rest));
            case '>' -> {
                List<Object> all = list(Integer.parseInt(rest));
                yield new Push(new String((byte[]) all.get(0), UTF_8), all.subList(1, all.size()));
            }
            default -> throw new IOException("not RESP3: " + line);
        };
    }

    private byte @Nullable [] bytes(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length || in.readNBytes(2).length < 2) {
            throw new EOFException("the connection ended");
        }
        return bytes;
    }

    private List<Object> list(int length) throws IOException {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            list.add(read());
        }
        return list;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\r'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended");
            }
            line.append((char) b);
        }
        in.read();
        return line.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
