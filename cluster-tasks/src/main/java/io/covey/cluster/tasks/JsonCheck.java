package io.covey.cluster.tasks;

import io.covey.cluster.CodecException;
import io.covey.cluster.spi.Names;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/** Reads JSON to the end to see that every worker, of any make, will be able to. */
final class JsonCheck {
    static final int DEEPEST = 1000;
    static final int LONG_NUMBER = 300;
    private static final int MOST_SHOWN = 20;

    private final String json;
    private int at;
    private int depth;
    /** Which of the levels are objects, the others are arrays. */
    private final BitSet objects = new BitSet();

    private JsonCheck(String json) {
        this.json = json;
    }

    /** Arguments that were written by a codec or came from a backend, which are JSON already, but perhaps not for everybody. */
    static void array(byte[] json) {
        if (!PlainJson.test(json)) {
            array(new String(json, StandardCharsets.UTF_8));
        }
    }

    static void array(String json) {
        JsonCheck check = new JsonCheck(json);
        check.blank();
        if (check.at == json.length() || json.charAt(check.at) != '[') {
            throw new CodecException(
                    "The arguments of a task must be a JSON array, such as [{\"file\":\"cat.png\"}], were "
                            + check.shown(check.at));
        }
        check.value();
        check.blank();
        if (check.at < json.length()) {
            throw check.wrong("something after the end: " + check.shown(check.at));
        }
    }

    /** A text whose UTF-16 is broken cannot be written in UTF-8. */
    static void text(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                throw new CodecException("A text has half a surrogate pair, \\u" + hex(text.charAt(i))
                        + ", at character " + i + "; UTF-8 has no form for it");
            }
        }
    }

    private static String hex(char c) {
        return Integer.toHexString(c);
    }

    /** Without a frame for each level: a thousand of them are more than some stacks have room for. */
    private void value() {
        do {
            begin();
            while (depth > 0 && ended()) {
                depth--;
            }
        } while (depth > 0);
    }

    /** Reads to the end of the first value that holds no other. */
    private void begin() {
        while (true) {
            blank();
            char c = peek();
            if (c == '"') {
                string();
                return;
            } else if (c == '-' || digit(c)) {
                number();
                return;
            } else if (c != '[' && c != '{') {
                word();
                return;
            } else if (depth == DEEPEST) {
                throw wrong("a level too many, the limit is " + DEEPEST + " levels");
            }
            objects.set(++depth, c == '{');
            at++;
            blank();
            if (peek() == end()) {
                return;
            }
            name();
        }
    }

    /** Behind a value: whether the array or object ends that it is in; else another one comes. */
    private boolean ended() {
        blank();
        if (peek() == end()) {
            at++;
            return true;
        }
        expect(',');
        name();
        return false;
    }

    private char end() {
        return objects.get(depth) ? '}' : ']';
    }

    /** Of a member, if this is an object. */
    private void name() {
        if (objects.get(depth)) {
            blank();
            string();
            blank();
            expect(':');
        }
    }

    private void string() {
        expect('"');
        char before = 0;
        while (peek() != '"') {
            char c = json.charAt(at++);
            if (c < ' ') {
                throw wrong("a control character in a string, U+00" + (c < 16 ? "0" : "") + hex(c));
            }
            char unit = c == '\\' ? escaped() : c;
            paired(before, unit);
            before = unit;
        }
        paired(before, '"');
        at++;
    }

    private void paired(char before, char unit) {
        if (Character.isHighSurrogate(before) != Character.isLowSurrogate(unit)) {
            throw wrong("half a surrogate pair, \\u" + hex(Character.isHighSurrogate(before) ? before : unit));
        }
    }

    /** What an escape stands for; any letter where it is no surrogate. */
    private char escaped() {
        char c = peek();
        at++;
        if (c != 'u') {
            if ("\"\\/bfnrt".indexOf(c) < 0) {
                throw wrong("an escape that JSON does not know, \\" + Names.printable(String.valueOf(c)));
            }
            return ' ';
        }
        int unit = 0;
        for (int i = 0; i < 4; i++, at++) {
            int digit = peek() < 128 ? Character.digit(peek(), 16) : -1;
            if (digit < 0) {
                throw wrong("\\u without four hex digits");
            }
            unit = unit << 4 | digit;
        }
        return (char) unit;
    }

    private void number() {
        int from = at;
        if (peek() == '-') {
            at++;
        }
        int first = at;
        digits();
        if (json.charAt(first) == '0' && at > first + 1) {
            throw wrong("a number with a leading zero, " + shown(from));
        }
        boolean exponent = false;
        if (at < json.length() && json.charAt(at) == '.') {
            at++;
            digits();
        }
        if (at < json.length() && (json.charAt(at) == 'e' || json.charAt(at) == 'E')) {
            exponent = true;
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits();
        }
        if ((exponent || at - from > LONG_NUMBER) && Double.isInfinite(Double.parseDouble(json.substring(from, at)))) {
            throw wrong("a number beyond 1.8e308, " + shown(from));
        }
    }

    private void digits() {
        if (!digit(peek())) {
            throw wrong("a number without digits, " + shown(at));
        }
        while (at < json.length() && digit(json.charAt(at))) {
            at++;
        }
    }

    private void word() {
        for (String known : new String[] {"true", "false", "null"}) {
            if (json.startsWith(known, at)) {
                at += known.length();
                return;
            }
        }
        throw wrong("no value: " + shown(at));
    }

    private void expect(char c) {
        if (peek() != c) {
            throw wrong("no " + c + " but " + shown(at));
        }
        at++;
    }

    private char peek() {
        if (at >= json.length()) {
            throw wrong("the end");
        }
        return json.charAt(at);
    }

    private void blank() {
        while (at < json.length() && " \n\r\t".indexOf(json.charAt(at)) >= 0) {
            at++;
        }
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    /** What stands there, its beginning if it is long. */
    private String shown(int from) {
        int to = Math.min(json.length(), from + MOST_SHOWN);
        return Names.printable(json.substring(from, to)) + (to < json.length() ? "..." : "");
    }

    private CodecException wrong(String what) {
        return new CodecException("The arguments of a task must be a JSON array that everybody can read; at character "
                + at + " is " + what);
    }
}
