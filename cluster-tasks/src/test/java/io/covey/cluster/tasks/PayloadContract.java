package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.CodecException;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Payloads that no worker could read are refused where they come in, whichever way, and nothing is added. */
abstract class PayloadContract {
    private static final List<String> QUEUES = List.of("numbers", "shared");

    /** Its queue {@code numbers} is of our own, all others are shared, and all are empty. */
    abstract TaskQueue tasks();

    record Reading(String sensor, double value) {}

    @Test
    final void numbersThatJsonHasNoFormForAreRefused() {
        TaskType<Reading> reading = TaskType.of("reading", Reading.class);
        for (double none : List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)) {
            refused(reading, new Reading("a", 1.5), new Reading("a", none), "reading", String.valueOf(none), "finite");
        }
    }

    @Test
    final void payloadsAboveTheLimitOfTheirTypeAreRefused() {
        TaskType<String> small = TaskType.of("small", String.class).payloadAtMost(100);
        // An array of one text, in quotes.
        refused(small, "x".repeat(96), "x".repeat(97), "small", "at most 100", "had 101");
    }

    private <P> void refused(TaskType<P> plain, P good, P bad, String... said) {
        for (String queue : QUEUES) {
            TaskType<P> type = plain.on(queue);
            List<NewTask<P>> several = List.of(NewTask.of(type, good), NewTask.of(type, bad));
            EnqueueOptions named =
                    EnqueueOptions.none().withId(UUID.randomUUID().toString());
            List<Consumer<TaskQueue>> ways = List.of(
                    tasks -> tasks.enqueue(type, bad),
                    tasks -> tasks.enqueue(type, bad, named),
                    tasks -> tasks.enqueueIn(type, bad, Duration.ofHours(1)),
                    tasks -> tasks.enqueueAt(type, bad, Instant.EPOCH),
                    tasks -> tasks.enqueueAll(type, List.of(good, bad, good)),
                    tasks -> tasks.enqueueAll(several),
                    tasks -> tasks.enqueueTogether(several));
            for (Consumer<TaskQueue> way : ways) {
                assertThatThrownBy(() -> way.accept(tasks()))
                        .isInstanceOf(CodecException.class)
                        .hasMessageContainingAll(said);
            }
            assertThat(count(queue)).as(queue).isZero();
            assertThat(tasks().inspect().totals().getOrDefault("delayed", 0L)).isZero();
            tasks().enqueue(type, good, named);
            assertThat(count(queue)).as(queue).isOne();
            tasks().queue(queue).removeType(type.name());
        }
    }

    private long count(String queue) {
        QueueInfo counts = tasks().queue(queue).counts();
        return counts.waiting() + counts.active() + counts.retry() + counts.delayed();
    }
}
