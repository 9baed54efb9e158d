package io.covey.cluster.dashboard;

import io.covey.cluster.spi.Printable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * Texts from anywhere as a page shows them: shortened, and with every character made visible that would not be one or that
 * would turn the line around.
 */
final class Shown {
    private static final int NAME = 160;
    private static final int LINE = 300;
    private static final int MUCH = 32 << 10;
    private static final int MOST_LINES = 200;
    private static final int MOST_BYTES_A_CHARACTER = 4;

    private Shown() {}

    /** A name. */
    static String name(String text) {
        return shortened(text, NAME, false);
    }

    /** What is shown in one line. */
    static String line(String text) {
        return shortened(text, LINE, false);
    }

    /** What is shown alone, in many lines. */
    static String much(String text) {
        return shortened(text, MUCH, true);
    }

    /** Arguments or the like, in one line. */
    static String line(byte[] utf8) {
        return bytes(utf8, LINE, false);
    }

    /** Arguments or the like, alone. */
    static String much(byte[] utf8) {
        return bytes(utf8, MUCH, true);
    }

    static List<String> lines(List<String> all) {
        return all.stream().limit(MOST_LINES).map(Shown::line).toList();
    }

    static String time(Instant instant) {
        return instant.toString();
    }

    private static String bytes(byte[] utf8, int most, boolean lines) {
        int read = Math.min(utf8.length, (most + 1) * MOST_BYTES_A_CHARACTER);
        String text = shortened(new String(utf8, 0, read, StandardCharsets.UTF_8), most, lines);
        return read < utf8.length ? text.replaceFirst(" … \\(.*\\)$", "") + " … (" + utf8.length + " bytes)" : text;
    }

    private static String shortened(String text, int most, boolean lines) {
        StringBuilder shown = new StringBuilder(Math.min(text.length(), most) + 16);
        int at = 0;
        for (int count = 0; at < text.length() && count < most; count++) {
            int character = text.codePointAt(at);
            if (!Printable.isHostile(character) || lines && (character == '\n' || character == '\t')) {
                shown.appendCodePoint(character);
            } else {
                shown.append("\\u{").append(Integer.toHexString(character)).append('}');
            }
            at += Character.charCount(character);
        }
        return at < text.length()
                ? shown.append(" … (")
                        .append(text.length())
                        .append(" characters)")
                        .toString()
                : shown.toString();
    }
}
