package io.covey.cluster.core.cache;

import io.covey.cluster.spi.Names;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a key, a time to live and a value may be. */
final class CacheRules {
    private static final int LONGEST_KEY = 512;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(3650);

    private CacheRules() {}

    static String key(String cache, String key) {
        if (key == null) {
            throw new IllegalArgumentException("Cache " + cache + ": a key is 1 to " + LONGEST_KEY
                    + " bytes of UTF-8 without control characters, was null");
        }
        if (key.isEmpty() || !fits(key)) {
            throw refused(cache, "key", key);
        }
        return key;
    }

    static String prefix(String cache, String prefix) {
        if (!fits(prefix)) {
            throw refused(cache, "prefix", prefix);
        }
        return prefix;
    }

    static Duration ttl(Supplier<String> where, Duration ttl) {
        if (ttl.compareTo(SHORTEST) < 0 || ttl.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    where.get() + ": a time to live is between 1 ms and 10 years, was " + ttl);
        }
        return ttl;
    }

    /** What the compiler promises, Java does not. */
    static void notNull(Supplier<String> where, @Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException(where.get() + ": the value is null; nothing was written, and remove(key)"
                    + " is how to remove one");
        }
    }

    static byte[] value(Supplier<String> where, byte[] value, int most) {
        if (value.length > most) {
            throw new IllegalArgumentException(where.get() + ": the value has " + value.length
                    + " bytes, over the limit of " + most + " (maxValueBytes); nothing was written");
        }
        return value;
    }

    private static boolean fits(String text) {
        if (text.length() > LONGEST_KEY) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return fitsBeyondAscii(text);
            }
        }
        return true;
    }

    /** Costs more than all else that a read does before it reaches the network. */
    private static boolean fitsBeyondAscii(String text) {
        return text.chars().noneMatch(Character::isISOControl)
                && StandardCharsets.UTF_8.newEncoder().canEncode(text)
                && text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_KEY;
    }

    private static IllegalArgumentException refused(String cache, String what, String text) {
        return new IllegalArgumentException("Cache " + cache + ": a " + what + " is 1 to " + LONGEST_KEY
                + " bytes of UTF-8 without control characters, was \"" + Names.printable(text) + "\" of "
                + text.getBytes(StandardCharsets.UTF_8).length + " bytes");
    }
}
