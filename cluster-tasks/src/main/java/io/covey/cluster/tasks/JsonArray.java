package io.covey.cluster.tasks;

import io.covey.cluster.CodecException;
import java.util.ArrayList;
import java.util.List;

/** Finds the elements of a JSON array in UTF-8 without reading them. */
final class JsonArray {

    /** Where an element is, end exclusive. */
    record Span(int from, int to) {}

    private JsonArray() {}

    /**
     * The elements. {@code {}} is taken for {@code []}: Lua's JSON library, which fleets of other makes use, turns one
     * into the other.
     */
    static List<Span> elements(byte[] json) {
        int from = skipBlank(json, 0);
        int to = json.length;
        while (to > from && blank(json[to - 1])) {
            to--;
        }
        if (to - from < 2 || !enclosed(json, from, to)) {
            throw notAnArray();
        }
        boolean object = json[from] == '{';
        List<Span> spans = new ArrayList<>(1);
        int at = skipBlank(json, from + 1);
        if (at == to - 1) {
            return spans;
        }
        if (object) {
            throw notAnArray();
        }
        while (true) {
            int end = endOfElement(json, at, to - 1);
            spans.add(new Span(at, end));
            at = skipBlank(json, end);
            if (at == to - 1) {
                return spans;
            }
            if (json[at] != ',') {
                throw notAnArray();
            }
            at = skipBlank(json, at + 1);
        }
    }

    private static boolean enclosed(byte[] json, int from, int to) {
        return json[from] == '[' && json[to - 1] == ']' || json[from] == '{' && json[to - 1] == '}';
    }

    private static int endOfElement(byte[] json, int from, int limit) {
        int depth = 0;
        int at = from;
        while (at < limit) {
            byte b = json[at];
            if (b == '"') {
                at = endOfString(json, at, limit);
            } else if (b == '[' || b == '{') {
                depth++;
            } else if (b == ']' || b == '}') {
                depth--;
                if (depth < 0) {
                    throw notAnArray();
                }
            } else if (depth == 0 && (b == ',' || blank(b))) {
                break;
            }
            at++;
        }
        if (at == from || depth != 0) {
            throw notAnArray();
        }
        return at;
    }

    private static int endOfString(byte[] json, int from, int limit) {
        for (int at = from + 1; at < limit; at++) {
            if (json[at] == '\\') {
                at++;
            } else if (json[at] == '"') {
                return at;
            }
        }
        throw notAnArray();
    }

    private static int skipBlank(byte[] json, int from) {
        int at = from;
        while (at < json.length && blank(json[at])) {
            at++;
        }
        return at;
    }

    private static boolean blank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static CodecException notAnArray() {
        return new CodecException("The arguments of a task must be a JSON array, such as [{\"file\":\"cat.png\"}]");
    }
}
