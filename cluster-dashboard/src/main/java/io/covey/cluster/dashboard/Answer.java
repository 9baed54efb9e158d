package io.covey.cluster.dashboard;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is sent back.
 *
 * @param status of HTTP
 * @param headers besides those that every answer has
 * @param body perhaps empty
 */
record Answer(int status, Map<String, String> headers, byte[] body) {
    private static final String JSON = "application/json; charset=utf-8";
    private static final String POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
            + "frame-ancestors 'none'";

    static Answer json(@Nullable Object value) {
        return json(200, value);
    }

    static Answer json(int status, @Nullable Object value) {
        return new Answer(status, Map.of("Content-Type", JSON), Json.bytes(value));
    }

    static Answer error(int status, String text) {
        return json(status, Json.object("error", text));
    }

    static Answer redirect(String path) {
        return new Answer(303, Map.of("Location", path), new byte[0]);
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body);
    }

    void send(HttpExchange exchange) throws IOException {
        secure(exchange.getResponseHeaders());
        headers.forEach(exchange.getResponseHeaders()::set);
        boolean bodiless = status == 304 || status == 204 || body.length == 0;
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, bodiless ? -1 : body.length);
        if (!bodiless) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    /** What every answer carries. */
    static void secure(Headers headers) {
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "same-origin"); // with no-referrer browsers send forms with Origin: null
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
        headers.set("Cache-Control", "no-store");
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
