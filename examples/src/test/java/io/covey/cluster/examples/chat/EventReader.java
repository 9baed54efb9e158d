package io.covey.cluster.examples.chat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;

/** What a browser's EventSource does: reads events until it is closed. */
final class EventReader implements AutoCloseable {

    private record Event(String id, String type, String data) {}

    private final Socket socket;
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();

    private EventReader(Socket socket) {
        this.socket = socket;
    }

    static EventReader open(ChatServer server, String me, String name, String more) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.setSoLinger(true, 0); // so that the server notices the end at once
        socket.getOutputStream()
                .write(("GET /rooms/lobby/events?me=" + me + "&name=" + name + more + " HTTP/1.0\r\nHost: 127.0.0.1:"
                                + server.port() + "\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        EventReader reader = new EventReader(socket);
        Thread thread = new Thread(reader::read, "chat-test-" + name);
        thread.setDaemon(true);
        thread.start();
        return reader;
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            String id = "";
            String type = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    events.add(new Event(id, type, line.substring(6)));
                    id = "";
                }
            }
        } catch (IOException closed) {
            // The test has seen enough.
        }
    }

    boolean seen(String type, String part) {
        return events.stream().anyMatch(event -> event.type.equals(type) && event.data.contains(part));
    }

    /** The id of the first such event. */
    String await(String type, String part) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> seen(type, part));
        return events.stream()
                .filter(event -> event.type.equals(type) && event.data.contains(part))
                .findFirst()
                .orElseThrow()
                .id();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
