package io.covey.cluster.dashboard;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is asked. Everything in it is somebody else's text. */
final class Request {
    private static final int MOST_BODY = 16 << 10;
    private static final int MOST_VALUE = 4 << 10;
    private static final int MOST_FIELDS = 32;

    private final HttpExchange exchange;
    private final Map<String, String> query;
    private Map<String, String> form = Map.of();

    Request(HttpExchange exchange) {
        this.exchange = exchange;
        this.query = fields(
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""));
    }

    String method() {
        return exchange.getRequestMethod();
    }

    boolean changes() {
        return method().equals("POST");
    }

    /** As it was sent, nothing decoded. */
    String path() {
        return Optional.ofNullable(exchange.getRequestURI().getRawPath()).orElse("");
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }

    /** The last line of those that have this name. */
    Optional<String> lastHeader(String name) {
        List<String> lines = exchange.getRequestHeaders().getOrDefault(name, List.of());
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines.get(lines.size() - 1));
    }

    String address() {
        return exchange.getRemoteAddress().getAddress().getHostAddress();
    }

    Optional<String> cookie(String name) {
        List<String> headers = exchange.getRequestHeaders().getOrDefault("Cookie", List.of());
        for (String header : headers) {
            for (String cookie : header.split(";")) {
                String[] parts = cookie.strip().split("=", 2);
                if (parts.length == 2 && parts[0].equals(name)) {
                    return Optional.of(parts[1]);
                }
            }
        }
        return Optional.empty();
    }

    /** Empty if there is none, or an empty one. */
    Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name)).filter(text -> !text.isEmpty());
    }

    /** A number of the query within bounds. */
    long number(String name, long otherwise, long most) {
        try {
            return query(name)
                    .map(Long::parseLong)
                    .map(n -> Math.max(0, Math.min(most, n)))
                    .orElse(otherwise);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a number", e);
        }
    }

    /**
     * Reads the form that was posted.
     *
     * @return false if it is too large
     */
    boolean readForm() throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MOST_BODY + 1);
        if (body.length > MOST_BODY) {
            return false;
        }
        form = fields(new String(body, StandardCharsets.UTF_8));
        return true;
    }

    /** Empty if there is none, or an empty one. */
    Optional<String> form(String name) {
        return Optional.ofNullable(form.get(name)).filter(text -> !text.isEmpty());
    }

    String needed(String name) {
        return form(name).orElseThrow(() -> new IllegalArgumentException(name + " is missing"));
    }

    private static Map<String, String> fields(String encoded) {
        Map<String, String> fields = new HashMap<>();
        for (String field : encoded.split("&", MOST_FIELDS)) {
            String[] parts = field.split("=", 2);
            if (parts.length == 2 && parts[1].length() <= MOST_VALUE) {
                fields.put(decoded(parts[0]), decoded(parts[1]));
            }
        }
        return fields;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a field cannot be decoded", e);
        }
    }
}
