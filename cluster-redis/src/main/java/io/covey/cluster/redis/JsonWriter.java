package io.covey.cluster.redis;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes what {@link Json} reads. */
final class JsonWriter {
    private static final long LARGEST_INDEX = 4_294_967_294L;
    private static final int INDEX_DIGITS = 10;

    private final StringBuilder out = new StringBuilder(128);
    private final boolean canonical;

    private JsonWriter(boolean canonical) {
        this.canonical = canonical;
    }

    /**
     * The bytes that JSON.stringify(JSON.parse(…)) gives: other fleets find a task by comparing them. Only numbers that a
     * double cannot hold stay as they are.
     */
    static byte[] canonical(@Nullable Object value) {
        return new JsonWriter(true).write(value).bytes();
    }

    /** In the same form, but with the numbers and the order of keys as they were read, so that nothing gets lost. */
    static byte[] faithful(@Nullable Object value) {
        return new JsonWriter(false).write(value).bytes();
    }

    private byte[] bytes() {
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private JsonWriter write(@Nullable Object value) {
        if (value instanceof String text) {
            text(text);
        } else if (value instanceof Json.Num number) {
            out.append(canonical ? EcmaNumber.lossless(number.digits()) : number.digits());
        } else if (value instanceof Map<?, ?> object) {
            object(object);
        } else if (value instanceof List<?> array) {
            array(array);
        } else {
            out.append(value);
        }
        return this;
    }

    private void array(List<?> array) {
        char before = '[';
        for (Object element : array) {
            out.append(before);
            write(element);
            before = ',';
        }
        out.append(before == '[' ? "[]" : "]");
    }

    /** Keys that are indexes of an array come first, in their order. */
    private void object(Map<?, ?> object) {
        TreeMap<Long, Object> indexes = new TreeMap<>();
        if (canonical) {
            for (Object key : object.keySet()) {
                if (isIndex((String) key)) {
                    indexes.put(Long.parseLong((String) key), key);
                }
            }
        }
        char before = '{';
        for (Object key : indexes.values()) {
            before = entry(before, (String) key, object.get(key));
        }
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            if (indexes.isEmpty() || !isIndex((String) entry.getKey())) {
                before = entry(before, (String) entry.getKey(), entry.getValue());
            }
        }
        out.append(before == '{' ? "{}" : "}");
    }

    private char entry(char before, String key, @Nullable Object value) {
        out.append(before);
        text(key);
        out.append(':');
        write(value);
        return ',';
    }

    private static boolean isIndex(String key) {
        if (key.isEmpty() || key.length() > INDEX_DIGITS || (key.charAt(0) == '0' && key.length() > 1)) {
            return false;
        }
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) < '0' || key.charAt(i) > '9') {
                return false;
            }
        }
        return Long.parseLong(key) <= LARGEST_INDEX;
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1))) {
                        out.append(c).append(text.charAt(++i));
                    } else if (c < ' ' || Character.isSurrogate(c)) {
                        out.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
