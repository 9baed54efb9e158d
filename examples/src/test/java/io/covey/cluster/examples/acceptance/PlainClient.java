package io.covey.cluster.examples.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Somebody who reaches the server and has no token: hears everything, publishes anything. */
final class PlainClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String prefix;
    private final Socket speaks;
    private final Socket hears;
    private final List<Heard> tape = new CopyOnWriteArrayList<>();

    /**
     * What was published.
     *
     * @param channel without the namespace
     * @param frame its bytes
     */
    record Heard(String channel, byte[] frame) {}

    /** Hears everything of a namespace from now on. */
    PlainClient(int port, String namespace) throws IOException {
        prefix = namespace + ":0:";
        speaks = new Socket(InetAddress.getLoopbackAddress(), port);
        hears = new Socket(InetAddress.getLoopbackAddress(), port);
        send(hears, "PSUBSCRIBE".getBytes(UTF_8), (prefix + "/*").getBytes(UTF_8));
        InputStream in = new BufferedInputStream(hears.getInputStream());
        read(in);
        Thread thread = new Thread(() -> record(in), "tape");
        thread.setDaemon(true);
        thread.start();
    }

    /** All that was published up to now. */
    List<Heard> tape() throws IOException {
        String marker = "/marker/" + System.nanoTime();
        publish(marker, new byte[0]);
        await().atMost(PATIENCE).until(() -> tape.stream().anyMatch(one -> one.channel.equals(marker)));
        return tape.stream().filter(one -> !one.channel.startsWith("/marker/")).toList();
    }

    void publish(String channel, byte[] frame) throws IOException {
        send(speaks, "PUBLISH".getBytes(UTF_8), (prefix + channel).getBytes(UTF_8), frame);
        read(speaks.getInputStream());
    }

    /** The same frame so many times, in one go. */
    void publish(String channel, byte[] frame, int times) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            write(out, "PUBLISH".getBytes(UTF_8), (prefix + channel).getBytes(UTF_8), frame);
        }
        Thread writer = new Thread(() -> {
            try {
                speaks.getOutputStream().write(out.toByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        writer.start();
        InputStream in = new BufferedInputStream(speaks.getInputStream());
        for (int i = 0; i < times; i++) {
            read(in);
        }
    }

    void hearNoMore() throws IOException {
        hears.close();
    }

    /** One command of a user, and what the server said of it. */
    static String ask(int port, String user, String password, String... words) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            InputStream in = socket.getInputStream();
            send(socket, "AUTH".getBytes(UTF_8), user.getBytes(UTF_8), password.getBytes(UTF_8));
            read(in);
            byte[][] command = new byte[words.length][];
            for (int i = 0; i < words.length; i++) {
                command[i] = words[i].getBytes(UTF_8);
            }
            send(socket, command);
            try {
                return String.valueOf(read(in));
            } catch (IOException e) {
                return String.valueOf(e.getMessage());
            }
        }
    }

    private void record(InputStream in) {
        try {
            while (true) {
                if (read(in) instanceof List<?> push && push.size() == 4) {
                    String channel = new String((byte[]) push.get(2), UTF_8);
                    tape.add(new Heard(channel.substring(prefix.length()), (byte[]) push.get(3)));
                }
            }
        } catch (IOException e) {
            tape.add(new Heard("/marker/end", e.toString().getBytes(UTF_8)));
        }
    }

    private static void send(Socket socket, byte[]... words) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, words);
        socket.getOutputStream().write(out.toByteArray());
    }

    private static void write(ByteArrayOutputStream out, byte[]... words) {
        out.writeBytes(("*" + words.length + "\r\n").getBytes(US_ASCII));
        for (byte[] word : words) {
            out.writeBytes(("$" + word.length + "\r\n").getBytes(US_ASCII));
            out.writeBytes(word);
            out.writeBytes("\r\n".getBytes(US_ASCII));
        }
    }

    private static Object read(InputStream in) throws IOException {
        String line = line(in);
        String rest = line.substring(1);
        switch (line.charAt(0)) {
            case '*' -> {
                List<Object> items = new ArrayList<>();
                for (int i = Integer.parseInt(rest); i > 0; i--) {
                    items.add(read(in));
                }
                return items;
            }
            case '$' -> {
                byte[] bytes = in.readNBytes(Integer.parseInt(rest));
                in.skipNBytes(2);
                return bytes;
            }
            case '-' -> throw new IOException(rest);
            default -> {
                return rest;
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server closed the connection");
            }
            line.write(c);
        }
        in.skipNBytes(1);
        return line.toString(UTF_8);
    }

    @Override
    public void close() {
        try {
            speaks.close();
            hears.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
