package io.covey.cluster.redis;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Dedupe.Unique;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The headers of a task in its bytes: its user's, and ours, which its user does not see. */
final class Headers {
    private static final String OURS = "covey.";
    private static final String KEY = OURS + "key";
    private static final String UNIQUE = OURS + "unique";
    private static final String UNIQUE_KEY = OURS + "unique.key";

    private Headers() {}

    /**
     * What goes into the bytes.
     *
     * @throws IllegalArgumentException if the user's contain one of ours
     */
    static SortedMap<String, String> of(Map<String, String> user, Optional<String> key, Optional<Unique> unique) {
        SortedMap<String, String> headers = new TreeMap<>(user);
        for (String name : headers.keySet()) {
            if (name.startsWith(OURS)) {
                throw new IllegalArgumentException(
                        "The name of a header must not begin with " + OURS + ", was \"" + name + "\"");
            }
        }
        key.ifPresent(whose -> headers.put(KEY, whose));
        unique.ifPresent(lock -> {
            headers.put(UNIQUE, lock.until() + " " + Times.millis(lock.longest()));
            lock.key().ifPresent(name -> headers.put(UNIQUE_KEY, name));
        });
        return headers;
    }

    static SortedMap<String, String> of(Content.Readable task) {
        return of(task.headers(), task.key(), task.unique());
    }

    /** A task with what its bytes carry; what is no header is left out. */
    static Content.Readable read(String type, byte[] args, String id, @Nullable Object json) {
        Map<String, String> user = new TreeMap<>();
        Map<String, String> ours = new TreeMap<>();
        if (json instanceof Map<?, ?> headers) {
            headers.forEach((name, value) -> {
                if (name instanceof String text && value instanceof String its) {
                    (text.startsWith(OURS) ? ours : user).put(text, its);
                }
            });
        }
        return new Content.Readable(
                type,
                args,
                Optional.of(id),
                user,
                Optional.ofNullable(ours.get(KEY)).filter(Headers::isKey),
                unique(ours));
    }

    /** What no producer of ours would write would not be found again in the places of keys. */
    private static boolean isKey(String key) {
        return !key.isEmpty()
                && key.length() <= TaskBlock.LONGEST_KEY
                && key.chars().noneMatch(Character::isISOControl);
    }

    private static Optional<Unique> unique(Map<String, String> ours) {
        String[] words = ours.getOrDefault(UNIQUE, "").split(" ", 2);
        for (Until until : Until.values()) {
            if (words.length == 2 && until.name().equals(words[0]) && words[1].matches("\\d{1,15}")) {
                return Optional.of(new Unique(
                        Optional.ofNullable(ours.get(UNIQUE_KEY)), until, Duration.ofMillis(Long.parseLong(words[1]))));
            }
        }
        return Optional.empty();
    }
}
