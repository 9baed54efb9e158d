package io.covey.cluster.tasks;

/** Sees in one pass that JSON holds nothing that {@link JsonCheck} would refuse; of what is no JSON it says nothing. */
final class PlainJson {
    private final byte[] json;
    private int at;

    private PlainJson(byte[] json) {
        this.json = json;
    }

    /** False if that is not sure. */
    static boolean test(byte[] json) {
        return new PlainJson(json).test();
    }

    private boolean test() {
        int depth = 0;
        while (at < json.length) {
            byte b = json[at++];
            if (b == '"') {
                if (!string()) {
                    return false;
                }
            } else if (b == '[' || b == '{') {
                if (++depth > JsonCheck.DEEPEST) {
                    return false;
                }
            } else if (b == ']' || b == '}') {
                depth--;
            } else if (b >= '0' && b <= '9' && !digits()) {
                return false;
            }
        }
        return true;
    }

    /** Behind its quote; no escape in it stands for half a character. */
    private boolean string() {
        while (at < json.length) {
            byte b = json[at++];
            if (b == '"') {
                return true;
            }
            if (b == '\\' && (at == json.length || json[at++] == 'u')) {
                return false;
            }
        }
        return false;
    }

    /** Behind the first; too few for a number that is too large. */
    private boolean digits() {
        int from = at;
        while (at < json.length && json[at] >= '0' && json[at] <= '9') {
            at++;
        }
        return at - from < JsonCheck.LONG_NUMBER && (at == json.length || json[at] != 'e' && json[at] != 'E');
    }
}
