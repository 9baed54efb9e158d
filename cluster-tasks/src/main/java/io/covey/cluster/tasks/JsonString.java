package io.covey.cluster.tasks;

import io.covey.cluster.CodecException;

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
