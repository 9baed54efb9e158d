package io.covey.cluster.redis.operator;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers of servers, which may say anything. */
final class Reply {
    private static final int SHOWN = 120;

    private Reply() {}

    static String text(@Nullable Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply);
    }

    /** Some drivers leave the kind of a verbatim text before it. */
    static String verbatim(@Nullable Object reply) {
        String text = text(reply);
        return text.startsWith("txt:") ? text.substring(4) : text;
    }

    static long number(@Nullable Object reply, long otherwise) {
        if (reply instanceof Long number) {
            return number;
        }
        try {
            return Long.parseLong(text(reply));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    static List<?> list(@Nullable Object reply) {
        return reply instanceof List<?> list ? list : List.of();
    }

    /** Of name, value, name, value. */
    static Map<String, String> pairs(@Nullable Object reply) {
        Map<String, String> pairs = new LinkedHashMap<>();
        List<?> flat = list(reply);
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            pairs.put(text(flat.get(i)), text(flat.get(i + 1)));
        }
        return pairs;
    }

    /** Of lines with name, colon, value, as INFO has them. */
    static Map<String, String> lines(String text) {
        Map<String, String> lines = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0 && line.charAt(0) != '#') {
                lines.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return lines;
    }

    /** Fit to be shown in one line. */
    static String shown(String text) {
        String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return cut.replaceAll("[^\\x20-\\x7E…]", "?");
    }
}
