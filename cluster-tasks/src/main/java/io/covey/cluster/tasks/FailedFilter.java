package io.covey.cluster.tasks;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Which failed tasks are meant. Immutable.
 *
 * @param queue only of this queue
 * @param type only of this type
 * @param error only those whose kind of error or message contains this, in any case
 * @param olderThan only those that failed longer ago
 */
public record FailedFilter(
        Optional<String> queue, Optional<String> type, Optional<String> error, Optional<Duration> olderThan) {
    private static final FailedFilter ALL =
            new FailedFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * All failed tasks.
     *
     * @return the filter
     */
    public static FailedFilter all() {
        return ALL;
    }

    /**
     * Only of a queue.
     *
     * @param name the queue
     * @return a copy
     */
    public FailedFilter withQueue(String name) {
        return new FailedFilter(Optional.of(name), type, error, olderThan);
    }

    /**
     * Only of a type.
     *
     * @param name the type
     * @return a copy
     */
    public FailedFilter withType(String name) {
        return new FailedFilter(queue, Optional.of(name), error, olderThan);
    }

    /**
     * Only some errors.
     *
     * @param part of the kind of error or its message, in any case
     * @return a copy
     */
    public FailedFilter withError(String part) {
        return new FailedFilter(queue, type, Optional.of(part), olderThan);
    }

    /**
     * Only old ones.
     *
     * @param age failed longer ago than this
     * @return a copy
     */
    public FailedFilter withOlderThan(Duration age) {
        return new FailedFilter(queue, type, error, Optional.of(age));
    }

    boolean matches(FailedTask task, Instant now) {
        return queue.map(task.queue()::equals).orElse(true)
                && type.map(name -> task.failure().content() instanceof Content.Readable readable
                                && readable.type().equals(name))
                        .orElse(true)
                && error.map(part -> contains(task.failure().exception(), part)
                                || contains(task.failure().message(), part))
                        .orElse(true)
                && olderThan
                        .map(age -> task.failure().at().isBefore(now.minus(age)))
                        .orElse(true);
    }

    private static boolean contains(String text, String part) {
        return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }
}
