package io.covey.cluster.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times and rates in few characters. */
final class Ages {
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;
    private static final double THOUSAND = 1000;
    private static final double MILLION = 1e6;

    private Ages() {}

    /** The two largest units: 12s, 3m05s, 2h07m, 5d03h. */
    static String of(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < MINUTE) {
            return seconds + "s";
        }
        if (seconds < HOUR) {
            return "%dm%02ds".formatted(seconds / MINUTE, seconds % MINUTE);
        }
        if (seconds < DAY) {
            return "%dh%02dm".formatted(seconds / HOUR, seconds % HOUR / MINUTE);
        }
        return "%dd%02dh".formatted(seconds / DAY, seconds % DAY / HOUR);
    }

    static String between(Instant since, Instant now) {
        return of(Duration.between(since, now));
    }

    /** An age in seconds, or a dash for one that is not known. */
    static String seconds(@Nullable Double seconds) {
        return seconds == null ? "-" : of(Duration.ofMillis((long) (seconds * THOUSAND)));
    }

    /** Up to seven characters: 0, 4.2, 512, 12.3k. */
    static String rate(double perSecond) {
        if (perSecond < 0.05) {
            return "0";
        }
        if (perSecond < 10) {
            return "%.1f".formatted(perSecond).replace(',', '.');
        }
        return count((long) perSecond);
    }

    /** Up to seven characters: 9999999, 12.3M. */
    static String count(long n) {
        if (n < 100_000) {
            return Long.toString(n);
        }
        return n < MILLION
                ? String.format(Locale.ROOT, "%.0fk", n / THOUSAND)
                : String.format(Locale.ROOT, "%.1fM", n / MILLION);
    }

    static String bytes(long n) {
        if (n < 10_000) {
            return n + " B";
        }
        if (n < 10_000_000) {
            return String.format(Locale.ROOT, "%.0f kB", n / THOUSAND);
        }
        return n < 10_000_000_000L
                ? String.format(Locale.ROOT, "%.0f MB", n / MILLION)
                : String.format(Locale.ROOT, "%.1f GB", n / (MILLION * THOUSAND));
    }
}
