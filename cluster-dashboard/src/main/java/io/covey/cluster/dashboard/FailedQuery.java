package io.covey.cluster.dashboard;

import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which failed tasks are meant.
 *
 * @param queue only of this queue
 * @param type only of this type
 * @param error only those whose error contains this, in any case
 * @param before only those that failed before this time
 */
record FailedQuery(Optional<String> queue, Optional<String> type, Optional<String> error, Optional<Instant> before) {
    private static final long LONGEST = Duration.ofDays(36_500).toSeconds();

    /** From a query or a form. */
    static FailedQuery of(Function<String, Optional<String>> field, Instant now) {
        return new FailedQuery(
                field.apply("queue"),
                field.apply("type"),
                field.apply("error"),
                field.apply("older").map(text -> now.minusSeconds(seconds(text))));
    }

    private static long seconds(String text) {
        long seconds = Long.parseLong(text);
        if (seconds < 0 || seconds > LONGEST) {
            throw new IllegalArgumentException(
                    "older is a number of seconds from 0 to " + LONGEST + ", was " + seconds);
        }
        return seconds;
    }

    boolean isAll() {
        return queue.isEmpty() && type.isEmpty() && error.isEmpty() && before.isEmpty();
    }

    boolean matches(FailedTask task) {
        return queue.map(task.queue()::equals).orElse(true)
                && type.map(name -> FailedPages.type(task).filter(name::equals).isPresent())
                        .orElse(true)
                && error.map(part -> contains(task.failure().exception(), part)
                                || contains(task.failure().message(), part))
                        .orElse(true)
                && before.map(task.failure().at()::isBefore).orElse(true);
    }

    private static boolean contains(String text, String part) {
        return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    String key() {
        return Secrets.digest(
                Secrets.bytes(queue.toString()),
                Secrets.bytes(type.toString()),
                Secrets.bytes(error.toString()),
                Secrets.bytes(
                        before.map(time -> Long.toString(time.getEpochSecond())).orElse("")));
    }
}
