package io.covey.cluster.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;

/** Writes to Redis what no library of ours would: any bytes. */
final class RawRedis implements AutoCloseable {
    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;

    RawRedis(String uri) throws IOException {
        URI where = URI.create(uri);
        socket = new Socket(where.getHost(), where.getPort());
        out = socket.getOutputStream();
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Sends one command, whose words are texts or bytes, and answers the first line of the reply. */
    String send(Object... words) throws IOException {
        ByteArrayOutputStream command = new ByteArrayOutputStream();
        command.write(("*" + words.length + "\r\n").getBytes(UTF_8));
        for (Object word : words) {
            byte[] bytes = word instanceof byte[] raw ? raw : word.toString().getBytes(UTF_8);
            command.write(("$" + bytes.length + "\r\n").getBytes(UTF_8));
            command.write(bytes);
            command.write("\r\n".getBytes(UTF_8));
        }
        out.write(command.toByteArray());
        out.flush();
        StringBuilder line = new StringBuilder();
        int c = in.read();
        while (c != '\n' && c >= 0) {
            line.append((char) c);
            c = in.read();
        }
        String reply = line.toString().strip();
        if (reply.startsWith("-")) {
            throw new IOException(reply);
        }
        return reply;
    }

    /** Each character below 256 is that byte: for what is no UTF-8. */
    static byte[] bytes(String latin) {
        return latin.getBytes(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
