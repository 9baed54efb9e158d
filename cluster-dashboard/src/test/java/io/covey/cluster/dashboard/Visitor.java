package io.covey.cluster.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.Cluster;
import io.covey.cluster.Codec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Asks a dashboard over a plain socket, so that every header can be what an attacker would make it. */
final class Visitor {
    private static final int PATIENCE_MS = 60_000;

    private final URI uri;
    private final Codec<Map<String, Object>> json;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private String csrf = "";

    @SuppressWarnings("unchecked")
    Visitor(URI uri, Cluster cluster) {
        this.uri = uri;
        this.json = (Codec<Map<String, Object>>) (Codec<?>) cluster.codec(Map.class);
    }

    /** What came back. */
    record Reply(int status, Map<String, List<String>> headers, String body) {
        Optional<String> header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                    .findFirst();
        }
    }

    String authority() {
        return uri.getHost() + ":" + uri.getPort();
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    /** Sends exactly these lines and this body. */
    Reply raw(String requestLine, Map<String, String> headers, String body) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head(requestLine, headers, body).getBytes(UTF_8));
            socket.getOutputStream().flush();
            return read(socket.getInputStream());
        }
    }

    String head(String requestLine, Map<String, String> headers, String body) {
        StringBuilder text = new StringBuilder(requestLine).append("\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        if (!body.isEmpty()) {
            text.append("Content-Length: ").append(body.getBytes(UTF_8).length).append("\r\n");
        }
        return text.append("Connection: close\r\n\r\n").append(body).toString();
    }

    private Reply read(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (IOException cut) {
            if (all.size() == 0) {
                throw cut;
            }
        }
        String[] parts = all.toString(UTF_8).split("\r\n\r\n", 2);
        String[] lines = parts[0].split("\r\n");
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] header = lines[i].split(": ?", 2);
            headers.computeIfAbsent(header[0].toLowerCase(Locale.ROOT), name -> new java.util.ArrayList<>())
                    .add(header[1]);
        }
        Reply reply = new Reply(
                lines[0].isEmpty() ? 0 : Integer.parseInt(lines[0].split(" ")[1]),
                headers,
                parts.length > 1 ? parts[1] : "");
        reply.headers().getOrDefault("set-cookie", List.of()).forEach(this::keep);
        return reply;
    }

    private void keep(String cookie) {
        String[] parts = cookie.split(";")[0].split("=", 2);
        cookies.put(parts[0], parts[1]);
    }

    /** What a browser of today sends along. */
    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Host", authority());
        if (!cookies.isEmpty()) {
            headers.put(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return headers;
    }

    Map<String, String> changing() {
        Map<String, String> headers = headers();
        headers.put("Origin", "http://" + authority());
        headers.put("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8");
        headers.put("X-Covey-Csrf", csrf);
        return headers;
    }

    Reply get(String path) throws IOException {
        return raw("GET " + path + " HTTP/1.1", headers(), "");
    }

    Reply post(String path, Map<String, String> form) throws IOException {
        return raw("POST " + path + " HTTP/1.1", changing(), encoded(form));
    }

    static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field ->
                        URLEncoder.encode(field.getKey(), UTF_8) + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&", "_=_&", ""));
    }

    /** Takes the token that the page has. */
    void refresh() throws IOException {
        csrf = (String) json("/api/session").get("csrf");
    }

    /** What asks for a stream, and keeps the connection. */
    String open(String path) {
        return head("GET " + path + " HTTP/1.1", headers(), "").replace("Connection: close\r\n", "");
    }

    Reply login(String name, String password) throws IOException {
        Reply reply = post("/login", Map.of("name", name, "password", password));
        if (reply.status() == 200) {
            refresh();
        }
        return reply;
    }

    Map<String, Object> json(String path) throws IOException {
        Reply reply = get(path);
        if (reply.status() != 200) {
            throw new IllegalStateException(path + " was answered " + reply.status() + ": " + reply.body());
        }
        return parsed(reply.body());
    }

    Map<String, Object> parsed(String text) {
        return json.decode(text.getBytes(UTF_8));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    List<Map<String, Object>> rows(String path) throws IOException {
        return (List<Map<String, Object>>) json(path).get("rows");
    }
}
