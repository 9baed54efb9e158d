package io.covey.cluster.redis.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection that speaks just enough RESP2 to look after a server. */
final class Resp implements AutoCloseable {

    /** The server answered with an error. */
    static final class ErrorReply extends IOException {
        private static final long serialVersionUID = 1;

        ErrorReply(String text) {
            super(text);
        }
    }

    private final Socket socket;
    private final InputStream in;

    Resp(int port, Duration timeout, @Nullable ServerTls tls) throws IOException {
        Socket plain = new Socket();
        try {
            int millis = (int) timeout.toMillis();
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(millis);
            plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millis);
            socket = tls == null ? plain : tls.over(plain);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    void authenticate(@Nullable String user, @Nullable String password) throws IOException {
        if (password != null && user != null) {
            call("AUTH", user, password);
        } else if (password != null) {
            call("AUTH", password);
        }
    }

    /** The reply as text; a null reply is the empty string. */
    String text(String... command) throws IOException {
        Object reply = call(command);
        return reply == null ? "" : reply.toString();
    }

    /** The reply as a list; a null reply is the empty list. */
    List<?> list(String... command) throws IOException {
        Object reply = call(command);
        return reply instanceof List<?> list ? list : List.of();
    }

    private @Nullable Object call(String... command) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("*" + command.length + "\r\n").getBytes(UTF_8));
        for (String part : command) {
            byte[] bytes = part.getBytes(UTF_8);
            out.writeBytes(("$" + bytes.length + "\r\n").getBytes(UTF_8));
            out.writeBytes(bytes);
            out.writeBytes("\r\n".getBytes(UTF_8));
        }
        socket.getOutputStream().write(out.toByteArray());
        return read();
    }

    private @Nullable Object read() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case ':' -> Long.valueOf(rest);
            case '-' -> throw new ErrorReply(rest);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> array(Integer.parseInt(rest));
            default -> throw new IOException("not a RESP2 reply: " + line);
        };
    }

    private @Nullable String bulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length + 2);
        if (bytes.length < length + 2) {
            throw new EOFException("the connection ended inside a reply");
        }
        return new String(bytes, 0, length, UTF_8);
    }

    private @Nullable List<@Nullable Object> array(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        List<@Nullable Object> elements = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            elements.add(read());
        }
        return elements;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended before the reply");
            }
            line.write(b);
        }
        String text = line.toString(UTF_8);
        if (text.length() < 2 || !text.endsWith("\r")) {
            throw new IOException("not a RESP2 reply: " + text);
        }
        return text.substring(0, text.length() - 1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
