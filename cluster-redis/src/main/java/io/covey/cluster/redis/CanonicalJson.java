package io.covey.cluster.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Sees in one pass that bytes are JSON in the form that {@link JsonWriter#canonical} would give them, which spares reading and
 * writing them. Says no where it is not sure: of blanks, of {@code \\u}, of objects with many keys or with keys that are
 * numbers, of deep nesting.
 */
final class CanonicalJson {
    private static final int DEEPEST = 64;
    private static final int MOST_KEYS = 32;
    private static final int PLAIN_DIGITS = 15;
    private static final int WRONG = -1;
    private static final int[] NO_KEYS = {};
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");

    private final byte[] json;

    private CanonicalJson(byte[] json) {
        this.json = json;
    }

    /** Whether this is an array in canonical form; false if that is not sure. */
    static boolean isArray(byte[] json) {
        return arrayEnd(json, 0) == json.length;
    }

    /**
     * @param from where in the bytes it begins
     * @return where the array in canonical form ends that begins there, exclusive; negative if that is not sure
     */
    static int arrayEnd(byte[] json, int from) {
        return from < json.length && json[from] == '[' ? new CanonicalJson(json).value(from, 0) : WRONG;
    }

    /** The end of the value that begins there, exclusive. */
    private int value(int from, int depth) {
        if (from >= json.length || depth > DEEPEST) {
            return WRONG;
        }
        return switch (json[from]) {
            case '"' -> string(from);
            case '[' -> array(from, depth);
            case '{' -> object(from, depth);
            case 't' -> word(from, "true");
            case 'f' -> word(from, "false");
            case 'n' -> word(from, "null");
            default -> number(from);
        };
    }

    private int array(int from, int depth) {
        int at = from + 1;
        if (is(at, ']')) {
            return at + 1;
        }
        while (true) {
            at = value(at, depth + 1);
            if (at == WRONG) {
                return WRONG;
            }
            if (is(at, ']')) {
                return at + 1;
            }
            if (!is(at, ',')) {
                return WRONG;
            }
            at++;
        }
    }

    private int object(int from, int depth) {
        int at = from + 1;
        if (is(at, '}')) {
            return at + 1;
        }
        int[] keys = NO_KEYS;
        for (int count = 0; count < MOST_KEYS; count++) {
            int end = is(at, '"') ? string(at) : WRONG;
            if (end == WRONG || digit(at + 1) || known(keys, count, at, end) || !is(end, ':')) {
                return WRONG;
            }
            if (2 * count == keys.length) {
                keys = Arrays.copyOf(keys, 2 * keys.length + 8);
            }
            keys[2 * count] = at;
            keys[2 * count + 1] = end;
            at = value(end + 1, depth + 1);
            if (at == WRONG) {
                return WRONG;
            }
            if (is(at, '}')) {
                return at + 1;
            }
            if (!is(at, ',')) {
                return WRONG;
            }
            at++;
        }
        return WRONG;
    }

    /** Of a key that comes twice only the last value counts. */
    private boolean known(int[] keys, int count, int from, int to) {
        for (int i = 0; i < count; i++) {
            if (Arrays.equals(json, keys[2 * i], keys[2 * i + 1], json, from, to)) {
                return true;
            }
        }
        return false;
    }

    private int string(int from) {
        int at = from + 1;
        while (at < json.length) {
            byte b = json[at];
            if (b == '"') {
                return at + 1;
            }
            if (b == '\\') {
                if (at + 1 == json.length || "\"\\bfnrt".indexOf(json[at + 1]) < 0) {
                    return WRONG;
                }
                at += 2;
            } else if (b >= ' ') {
                at++;
            } else if (b >= 0) {
                return WRONG;
            } else {
                at = character(at);
                if (at == WRONG) {
                    return WRONG;
                }
            }
        }
        return WRONG;
    }

    /** One character of more than a byte, by the table of well-formed sequences in the Unicode standard (3-7). */
    private int character(int from) {
        int lead = json[from] & 0xFF;
        if (lead >= 0xC2 && lead <= 0xDF) {
            return tail(from + 1, 1, 0x80, 0xBF);
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            return tail(from + 1, 2, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
        }
        if (lead >= 0xF0 && lead <= 0xF4) {
            return tail(from + 1, 3, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
        }
        return WRONG;
    }

    private int tail(int from, int count, int least, int most) {
        if (from + count > json.length) {
            return WRONG;
        }
        int first = json[from] & 0xFF;
        if (first < least || first > most) {
            return WRONG;
        }
        for (int i = 1; i < count; i++) {
            if ((json[from + i] & 0xC0) != 0x80) {
                return WRONG;
            }
        }
        return from + count;
    }

    private int number(int from) {
        int first = is(from, '-') ? from + 1 : from;
        int at = first;
        while (digit(at)) {
            at++;
        }
        if (at == first || is(first, '0') && at > first + 1) {
            return WRONG;
        }
        if (!is(at, '.') && !is(at, 'e') && !is(at, 'E')) {
            boolean plain = at - first <= PLAIN_DIGITS && (first == from || !is(first, '0'));
            return plain || lossless(from, at) ? at : WRONG;
        }
        while (digit(at) || is(at, '.') || is(at, 'e') || is(at, 'E') || is(at, '+') || is(at, '-')) {
            at++;
        }
        return lossless(from, at) ? at : WRONG;
    }

    /** What stands there is no longer than a number is, and perhaps no number at all. */
    private boolean lossless(int from, int to) {
        String digits = new String(json, from, to - from, StandardCharsets.ISO_8859_1);
        return to - from < 32 && NUMBER.matcher(digits).matches() && digits.equals(EcmaNumber.lossless(digits));
    }

    private int word(int from, String word) {
        int to = from + word.length();
        if (to > json.length) {
            return WRONG;
        }
        for (int i = 1; i < word.length(); i++) {
            if (json[from + i] != word.charAt(i)) {
                return WRONG;
            }
        }
        return to;
    }

    private boolean digit(int at) {
        return at < json.length && json[at] >= '0' && json[at] <= '9';
    }

    private boolean is(int at, char c) {
        return at < json.length && json[at] == c;
    }
}
