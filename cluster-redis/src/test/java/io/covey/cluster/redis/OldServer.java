package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Answers the first commands of a client as a Redis of an older version does. */
final class OldServer implements AutoCloseable {
    private final String version;
    private final ServerSocket listening;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    /**
     * @param version before 6.0 it knows no HELLO
     */
    OldServer(String version) throws IOException {
        this.version = version;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket client : clients) {
            client.close();
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "test-old-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                clients.add(client);
                start(() -> serve(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            while (true) {
                List<String> words = new ArrayList<>();
                int count = number(in, '*');
                for (int i = 0; i < count; i++) {
                    int length = number(in, '$');
                    words.add(new String(in.readNBytes(length), UTF_8));
                    in.skipNBytes(2);
                }
                out.write((answer(words) + "\r\n").getBytes(UTF_8));
                out.flush();
            }
        } catch (IOException e) {
            // the client or the test went away
        }
    }

    private static int number(InputStream in, char kind) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("end of stream");
            }
            line.append((char) c);
        }
        if (line.charAt(0) != kind) {
            throw new IOException("expected " + kind + ", got " + line);
        }
        return Integer.parseInt(line.substring(1).strip());
    }

    private String answer(List<String> words) {
        switch (words.get(0).toUpperCase(Locale.ROOT)) {
            case "HELLO":
                return version.compareTo("6") < 0 ? unknown(words) : hello();
            case "AUTH", "SELECT":
                return "+OK";
            case "PING":
                return words.size() == 1 ? "+PONG" : bulk(words.get(1));
            default:
                return unknown(words);
        }
    }

    private static String unknown(List<String> words) {
        StringBuilder text =
                new StringBuilder("-ERR unknown command `" + words.get(0) + "`, with args beginning with: ");
        words.subList(1, words.size())
                .forEach(word -> text.append('`').append(word).append("`, "));
        return text.toString();
    }

    private String hello() {
        return "%7\r\n" + bulk("server") + "\r\n" + bulk("redis") + "\r\n" + bulk("version") + "\r\n" + bulk(version)
                + "\r\n" + bulk("proto") + "\r\n:3\r\n" + bulk("id") + "\r\n:7\r\n" + bulk("mode") + "\r\n"
                + bulk("standalone") + "\r\n" + bulk("role") + "\r\n" + bulk("master") + "\r\n" + bulk("modules")
                + "\r\n*0";
    }

    private static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text;
    }
}
