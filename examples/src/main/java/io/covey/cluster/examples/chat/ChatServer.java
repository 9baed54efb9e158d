package io.covey.cluster.examples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Position;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The web server of one node: a page, a stream of events for each browser, and where to say something. It trusts nothing
 * that comes: names and texts are bounded, the page shows them as text only, and other sites may not ask.
 */
final class ChatServer implements AutoCloseable {
    private static final Map<String, String> PAGE = Map.of(
            "/", "chat.html text/html; charset=utf-8",
            "/chat.js", "chat.js text/javascript; charset=utf-8",
            "/chat.css", "chat.css text/css; charset=utf-8");
    private static final Pattern ROOM = Pattern.compile("/rooms/([A-Za-z0-9_-]{1,40})/(events|lines)");
    private static final int LONGEST_NAME = 40;
    private static final int LONGEST_TEXT = 1000;
    private static final int MOST_STREAMS = 1000;
    private static final String HOST = "127.0.0.1";

    private final HttpServer http;
    private final ExecutorService threads;
    private final Map<String, ChatRoom> rooms = new ConcurrentHashMap<>();
    private final Set<ChatStream> streams = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Cluster cluster;

    private ChatServer(HttpServer http) {
        this.http = http;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "chat-" + port());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * @param port 0 for any
     */
    static ChatServer bind(int port) throws IOException {
        return new ChatServer(HttpServer.create(new InetSocketAddress(InetAddress.getByName(HOST), port), 0));
    }

    int port() {
        return http.getAddress().getPort();
    }

    String url() {
        return "http://" + HOST + ":" + port();
    }

    /** From now on; the node ends with the server. */
    void serve(Cluster node) {
        cluster = node;
        http.setExecutor(threads);
        http.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange, node);
            } catch (ClusterException e) {
                System.err.println("chat-" + port() + ": " + e.getMessage());
                status(exchange, 503);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        http.start();
    }

    private void answer(HttpExchange exchange, Cluster node) throws IOException, InterruptedException {
        headers(exchange);
        if (!mayAsk(exchange)) {
            status(exchange, 403);
            return;
        }
        String path = exchange.getRequestURI().getPath();
        Matcher room = ROOM.matcher(path);
        if (!room.matches()) {
            page(exchange, path);
            return;
        }
        Map<String, String> query = query(exchange.getRequestURI());
        Who who = new Who(
                query.getOrDefault("me", ""), query.getOrDefault("name", "").strip());
        boolean lines = room.group(2).equals("lines");
        if (!exchange.getRequestMethod().equals(lines ? "POST" : "GET")) {
            status(exchange, 405);
        } else if (!who.id().matches("[A-Za-z0-9-]{8,64}") || !between(1, who.name(), LONGEST_NAME)) {
            status(exchange, 400);
        } else if (lines) {
            say(exchange, chatRoom(node, room.group(1)), who);
        } else {
            listen(exchange, node, chatRoom(node, room.group(1)), who, query.get("after"));
        }
    }

    private ChatRoom chatRoom(Cluster node, String name) {
        return rooms.computeIfAbsent(name, key -> new ChatRoom(node, key));
    }

    private void say(HttpExchange exchange, ChatRoom room, Who who) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(4 * LONGEST_TEXT + 1);
        String text = new String(body, UTF_8).strip();
        if (!between(1, text, LONGEST_TEXT)) {
            status(exchange, 400);
            return;
        }
        try {
            room.say(who, text);
            status(exchange, 204);
        } catch (IllegalStateException e) { // he is not here, or not any more
            status(exchange, 409);
        }
    }

    private void listen(HttpExchange exchange, Cluster node, ChatRoom room, Who who, @Nullable String after)
            throws IOException, InterruptedException {
        Optional<Position> position;
        try {
            position = Optional.ofNullable(after).map(Position::parse);
        } catch (IllegalArgumentException e) {
            status(exchange, 400);
            return;
        }
        if (streams.size() >= MOST_STREAMS) {
            status(exchange, 503);
            return;
        }
        ChatStream stream = new ChatStream(node, room, who);
        streams.add(stream);
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.sendResponseHeaders(200, 0);
            stream.run(position, exchange.getResponseBody());
        } finally {
            streams.remove(stream);
        }
    }

    private static void page(HttpExchange exchange, String path) throws IOException {
        String file = PAGE.get(path);
        if (file == null) {
            status(exchange, 404);
            return;
        }
        String[] parts = file.split(" ", 2);
        try (InputStream in = ChatServer.class.getResourceAsStream(parts[0])) {
            byte[] bytes = in.readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", parts[1]);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    /** Only our own files run, and only nodes on this machine are spoken to. */
    private static void headers(HttpExchange exchange) {
        var headers = exchange.getResponseHeaders();
        headers.set(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src http://" + HOST
                        + ":*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cache-Control", "no-store");
    }

    /** A page of another node of this chat may: its own node may be dead. Pages of other hosts may not. */
    private boolean mayAsk(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        if (!(HOST + ":" + port()).equals(host)) {
            return false;
        }
        String origin = exchange.getRequestHeaders().getFirst("Origin");
        if (origin == null) {
            return true;
        }
        boolean ours = origin.matches("http://127\\.0\\.0\\.1:[0-9]{1,5}");
        if (ours) {
            exchange.getResponseHeaders().set("Access-Control-Allow-Origin", origin);
        }
        return ours;
    }

    private static boolean between(int least, String text, int most) {
        return text.length() >= least && text.length() <= most;
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new HashMap<>();
        String raw = uri.getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
            }
        }
        return query;
    }

    private static void status(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
    }

    /** All leave their rooms, then the node leaves. */
    @Override
    public void close() {
        streams.forEach(ChatStream::end);
        threads.shutdown();
        try {
            threads.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.stop(0);
        Cluster node = cluster;
        if (node != null) {
            node.close();
        }
    }
}
