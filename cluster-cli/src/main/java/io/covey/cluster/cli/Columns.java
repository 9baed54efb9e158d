package io.covey.cluster.cli;

import io.covey.cluster.spi.Printable;

/** {@linkplain Printable Printable} text in the columns of a terminal. */
final class Columns {
    private static final int FIRST_WIDE = 0x1100;
    private static final int LONGEST_NAME = 200;

    private Columns() {}

    /** As a column: filled up to its width, and cut behind it. */
    static String cell(String text, int width) {
        String shown = Printable.line(text, width);
        while (width(shown) > width) {
            shown = Printable.line(shown, Math.max(1, shown.length() - 1));
        }
        return shown + " ".repeat(width - width(shown));
    }

    /** As {@link #cell}, but a text that is too long is kept up to a bound and moves what follows: for names to be copied. */
    static String name(String text, int width) {
        String shown = Printable.line(text, Math.max(width, LONGEST_NAME));
        return shown + " ".repeat(Math.max(0, width - width(shown)));
    }

    /** How many columns a terminal gives a text that was made printable. */
    static int width(String text) {
        return text.codePoints().map(Columns::width).sum();
    }

    private static int width(int code) {
        if (code < 0x300) {
            return 1;
        }
        int type = Character.getType(code);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        boolean wide = code >= FIRST_WIDE
                && (code <= 0x115F
                        || code >= 0x2E80 && code <= 0xA4CF
                        || code >= 0xAC00 && code <= 0xD7A3
                        || code >= 0xF900 && code <= 0xFAFF
                        || code >= 0xFE30 && code <= 0xFE6F
                        || code >= 0xFF00 && code <= 0xFF60
                        || code >= 0xFFE0 && code <= 0xFFE6
                        || code >= 0x1F300 && code <= 0x1FAFF
                        || code >= 0x20000 && code <= 0x3FFFD);
        return wide ? 2 : 1;
    }
}
