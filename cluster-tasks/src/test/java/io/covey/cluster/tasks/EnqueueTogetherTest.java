package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.covey.cluster.Cluster;
import io.covey.cluster.RefusedException;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EnqueueTogetherTest {
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers");

    private final Fleet fleet = new Fleet();
    private final Faults faults = new Faults(7);
    private final Cluster node = fleet.join(faults);
    private final TaskQueue tasks = TaskQueue.on(node);

    @AfterEach
    void close() {
        fleet.close();
    }

    private static NewTask<Integer> on(String queue, int number) {
        return new NewTask<>(
                COUNT, number, EnqueueOptions.none().withQueue(queue).withId(queue + number));
    }

    private long waiting(String queue) {
        return tasks.inspect().queue(queue).map(QueueInfo::waiting).orElse(0L);
    }

    @Test
    void tasksOfSeveralQueuesAreAddedInOneCallAndTheReceiptsKeepTheOrder() {
        assertThat(tasks.enqueueTogether(List.of(on("a", 1), on("b", 1), on("a", 2), on("c", 1))))
                .containsExactly(
                        new Enqueued("a", "a1", true),
                        new Enqueued("b", "b1", true),
                        new Enqueued("a", "a2", true),
                        new Enqueued("c", "c1", true));
        assertThat(faults.calls()).isEqualTo(1);
        assertThat(List.of(waiting("a"), waiting("b"), waiting("c"))).containsExactly(2L, 1L, 1L);
        assertThat(tasks.enqueueTogether(List.of(on("b", 1), on("b", 2))))
                .extracting(Enqueued::duplicate)
                .containsExactly(true, false);
        assertThat(tasks.enqueueTogether(List.of())).isEmpty();
    }

    @Test
    void oneThatIsRefusedKeepsAllOut() {
        NewTask<Integer> refused =
                new NewTask<>(COUNT, 3, EnqueueOptions.none().withQueue("c").withHeader("traceparent", "00-1-1-01"));
        assertThatThrownBy(() -> tasks.enqueueTogether(List.of(on("a", 1), on("b", 1), refused)))
                .isInstanceOf(RefusedException.class);
        assertThat(List.of(waiting("a"), waiting("b"), waiting("c"))).containsExactly(0L, 0L, 0L);
        assertThat(tasks.enqueueTogether(List.of(on("a", 1), on("b", 1))))
                .extracting(Enqueued::accepted)
                .containsExactly(true, true);
    }

    @Test
    void lostAnswersNeitherLoseNorDouble() {
        faults.lose(40);
        TaskQueue patient = tasks.withTimeout(Duration.ofSeconds(60));
        TaskType<Integer> type = COUNT;
        for (int i = 0; i < 100; i++) {
            patient.enqueueTogether(List.of(
                    new NewTask<>(type, i, EnqueueOptions.none().withQueue(i % 2 == 0 ? "a" : "b")),
                    new NewTask<>(type, i, EnqueueOptions.none().withQueue(i % 2 == 0 ? "b" : "a"))));
            patient.enqueue(type.on("a"), i);
        }
        faults.lose(0);
        assertThat(List.of(waiting("a"), waiting("b"))).containsExactly(200L, 100L);
    }

    @Test
    void whatStaysUnknownIsSaidAndEntersOnceWhenRepeated() {
        TaskQueue hasty = tasks.withTimeout(Duration.ofMillis(300));
        List<NewTask<?>> batch = List.of(on("a", 1), on("b", 1));
        faults.silence(true);
        UnconfirmedException unknown =
                catchThrowableOfType(UnconfirmedException.class, () -> hasty.enqueueTogether(batch));
        assertThat(unknown.id()).contains("a1");
        faults.silence(false);
        tasks.withTimeout(Duration.ofSeconds(60)).enqueueTogether(batch);
        assertThat(List.of(waiting("a"), waiting("b"))).containsExactly(1L, 1L);
    }

    @Test
    void moreThanOneStepTakesIsRefusedWithTheLimit() {
        assertThatThrownBy(() -> tasks.enqueueTogether(Collections.nCopies(201, NewTask.of(COUNT, 1))))
                .hasMessageContainingAll("200", "201");
        assertThat(tasks.enqueueTogether(IntStream.range(0, 200)
                        .mapToObj(i -> NewTask.of(COUNT, i))
                        .toList()))
                .hasSize(200);
        assertThat(waiting("numbers")).isEqualTo(200);
    }
}
