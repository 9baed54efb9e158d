package io.covey.cluster.tasks;

import io.covey.cluster.CodecException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A string in JSON, written as {@code JSON.stringify} does. */
final class JsonString {
    private static final String ESCAPED = "\"\\\b\f\n\r\t";
    private static final String LETTERS = "\"\\bfnrt";
    private static final int HEX = 16;

    private JsonString() {}

    static String quote(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int known = ESCAPED.indexOf(c);
            if (known >= 0) {
                out.append('\\').append(LETTERS.charAt(known));
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    /** As {@link #quote}, in UTF-8. */
    static byte[] quoted(byte[] text) {
        for (byte b : text) {
            if (b >= 0 && b < ' ' || b == '"' || b == '\\') {
                return quote(new String(text, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
            }
        }
        byte[] quoted = new byte[text.length + 2];
        quoted[0] = '"';
        System.arraycopy(text, 0, quoted, 1, text.length);
        quoted[quoted.length - 1] = '"';
        return quoted;
    }

    /** As {@link #unquote}, in UTF-8. */
    static byte[] unquoted(byte[] json) {
        int end = json.length - 1;
        boolean plain = end >= 1 && json[0] == '"' && json[end] == '"';
        for (int i = 1; plain && i < end; i++) {
            plain = json[i] != '\\';
        }
        return plain
                ? Arrays.copyOfRange(json, 1, end)
                : unquote(new String(json, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    static String unquote(String json) {
        int end = json.length() - 1;
        if (end < 1 || json.charAt(0) != '"' || json.charAt(end) != '"') {
            throw new CodecException("The argument of the task is not a JSON string");
        }
        StringBuilder out = new StringBuilder(end);
        for (int i = 1; i < end; i++) {
            char c = json.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char letter = json.charAt(++i);
            if (letter == 'u') {
                out.append(unit(json, i + 1, end));
                i += 4;
            } else if (letter == '/') {
                out.append('/');
            } else {
                int known = LETTERS.indexOf(letter);
                if (known < 0 || i >= end) {
                    throw new CodecException("The argument of the task has an escape that JSON does not know");
                }
                out.append(ESCAPED.charAt(known));
            }
        }
        return out.toString();
    }

    private static char unit(String json, int from, int end) {
        try {
            if (from + 4 <= end) {
                return (char) Integer.parseInt(json, from, from + 4, HEX);
            }
        } catch (NumberFormatException e) {
            // Told below, like one that is too short.
        }
        throw new CodecException("The argument of the task has a \\u that four hex digits do not follow");
    }
}
