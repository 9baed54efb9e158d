package io.covey.cluster.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes what {@link Json} reads. */
final class JsonWriter {
    private static final long LARGEST_INDEX = 4_294_967_294L;
    private static final int INDEX_DIGITS = 10;
    private static final char OBJECT_END = '}';
    private static final char ARRAY_END = ']';

    private final StringBuilder out = new StringBuilder(128);
    private final boolean canonical;
    private final Deque<Level> open = new ArrayDeque<>();

    /** An object or array that is being written. */
    private static final class Level {
        private final Iterator<?> rest;
        private final char end;
        private boolean begun;

        private Level(Iterator<?> rest, char end) {
            this.rest = rest;
            this.end = end;
        }
    }

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

    /** Without a frame for each level, like {@link Json}. */
    private JsonWriter write(@Nullable Object value) {
        begin(value);
        while (!open.isEmpty()) {
            Level level = open.getFirst();
            if (!level.rest.hasNext()) {
                out.append(level.end);
                open.pop();
                continue;
            }
            if (level.begun) {
                out.append(',');
            }
            level.begun = true;
            Object next = level.rest.next();
            if (level.end == ARRAY_END) {
                begin(next);
            } else {
                Map.Entry<?, ?> entry = (Map.Entry<?, ?>) next;
                text((String) entry.getKey());
                out.append(':');
                begin(entry.getValue());
            }
        }
        return this;
    }

    /** Writes a value, of an object or array where it begins. */
    private void begin(@Nullable Object value) {
        if (value instanceof String text) {
            text(text);
        } else if (value instanceof Json.Num number) {
            out.append(canonical ? EcmaNumber.lossless(number.digits()) : number.digits());
        } else if (value instanceof Map<?, ?> object) {
            out.append('{');
            open.push(new Level(entries(object), OBJECT_END));
        } else if (value instanceof List<?> array) {
            out.append('[');
            open.push(new Level(array.iterator(), ARRAY_END));
        } else {
            out.append(value);
        }
    }

    /** Keys that are indexes of an array come first, in their order. */
    private Iterator<? extends Map.Entry<?, ?>> entries(Map<?, ?> object) {
        if (!canonical || object.keySet().stream().noneMatch(key -> isIndex((String) key))) {
            return object.entrySet().iterator();
        }
        TreeMap<Long, Map.Entry<?, ?>> indexes = new TreeMap<>();
        List<Map.Entry<?, ?>> others = new ArrayList<>();
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            String key = (String) entry.getKey();
            if (isIndex(key)) {
                indexes.put(Long.parseLong(key), entry);
            } else {
                others.add(entry);
            }
        }
        others.addAll(0, indexes.values());
        return others.iterator();
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
