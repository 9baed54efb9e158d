package io.covey.cluster.spi;

/**
 * Text from anywhere as it may stand in one line of a log, a terminal or a page: what would move a cursor, turn the direction
 * of writing around or end the line is shown as its code.
 */
public final class Printable {

    private Printable() {}

    /**
     * One line. Of a text that is too long only the beginning is looked at.
     *
     * @param text anything
     * @param most how many characters there may be in the line, an ellipsis included; at least 1
     * @return no longer than that, without any {@link #isHostile hostile} character
     */
    public static String line(String text, int most) {
        int end = Math.min(text.length(), most);
        StringBuilder shown = new StringBuilder(end + 16);
        int at = 0;
        while (at < end) {
            int code = text.codePointAt(at);
            if (isHostile(code)) {
                appendCode(shown, code);
            } else {
                shown.appendCodePoint(code);
            }
            at += Character.charCount(code);
        }
        if (at >= text.length() && shown.length() <= most) {
            return shown.toString();
        }
        int cut = Math.min(shown.length(), Math.max(0, most - 1));
        if (cut > 0 && Character.isHighSurrogate(shown.charAt(cut - 1))) {
            cut--;
        }
        shown.setLength(cut);
        return shown.append('…').toString();
    }

    /**
     * Whether a character would do something else than be read.
     *
     * @param code a code point
     * @return true for controls, marks of direction and other invisible ones, line ends, and halves of characters
     */
    public static boolean isHostile(int code) {
        if (code >= ' ' && code < 0x7F) {
            return false;
        }
        return switch (Character.getType(code)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    private static void appendCode(StringBuilder shown, int code) {
        switch (code) {
            case '\n' -> shown.append("\\n");
            case '\r' -> shown.append("\\r");
            case '\t' -> shown.append("\\t");
            default -> shown.append("\\u%04x".formatted(code));
        }
    }
}
