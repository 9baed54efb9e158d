package io.covey.cluster.cli;

import io.covey.cluster.spi.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One line of JSON of a bounded length: long strings are cut and end with an ellipsis and how long they were, long lists are
 * cut, those of texts end with how many more there were. Once the line is long, what follows is cut shorter.
 */
final class JsonLine {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST_CHARACTERS = 16 << 10;
    private static final int MOST_ELEMENTS = 1000;
    private static final int LEAST_CHARACTERS = 64;
    private static final int LINE = 128 << 10;

    private int room = LINE;

    /** Cut where it is too long. */
    static String bounded(Map<String, ?> fields) {
        return printable(JSON.writeValueAsString(new JsonLine().bound(fields)));
    }

    /** As it is, however long. */
    static String whole(Map<String, ?> fields) {
        return printable(JSON.writeValueAsString(fields));
    }

    private @Nullable Object bound(@Nullable Object value) {
        if (value instanceof String text) {
            return cut(text);
        }
        if (value instanceof JsonNode node) {
            String text = node.toString();
            if (text.length() > Math.min(MOST_CHARACTERS, room)) {
                return cut(text);
            }
            room -= text.length();
            return node;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> bounded = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (bounded.size() == MOST_ELEMENTS) {
                    bounded.put("…", (map.size() - MOST_ELEMENTS) + " more");
                    break;
                }
                bounded.put(cut(String.valueOf(entry.getKey())), bound(entry.getValue()));
            }
            return bounded;
        }
        if (value instanceof Iterable<?> list) {
            return list(list);
        }
        return value;
    }

    private List<Object> list(Iterable<?> list) {
        List<Object> bounded = new ArrayList<>();
        int more = 0;
        for (Object element : list) {
            if (bounded.size() < MOST_ELEMENTS) {
                bounded.add(bound(element));
            } else {
                more++;
            }
        }
        if (more > 0 && bounded.get(0) instanceof String) {
            bounded.add("… " + more + " more");
        }
        return bounded;
    }

    private String cut(String text) {
        int most = Math.min(MOST_CHARACTERS, Math.max(LEAST_CHARACTERS, room));
        room = Math.max(0, room - Math.min(most, text.length()));
        return text.length() <= most ? text : text.substring(0, most) + "… (" + text.length() + " characters)";
    }

    /** JSON in which no character is left that a terminal would act on. Such characters stand in strings only. */
    private static String printable(String json) {
        StringBuilder shown = null;
        int at = 0;
        while (at < json.length()) {
            int code = json.codePointAt(at);
            int next = at + Character.charCount(code);
            if (Printable.isHostile(code)) {
                if (shown == null) {
                    shown = new StringBuilder(json.length() + 64).append(json, 0, at);
                }
                for (int i = at; i < next; i++) {
                    shown.append("\\u%04x".formatted((int) json.charAt(i)));
                }
            } else if (shown != null) {
                shown.appendCodePoint(code);
            }
            at = next;
        }
        return shown == null ? json : shown.toString();
    }
}
