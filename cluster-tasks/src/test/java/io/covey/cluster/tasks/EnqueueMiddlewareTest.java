package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EnqueueMiddlewareTest {
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers");

    private final Fleet fleet = new Fleet();
    private final Cluster node = fleet.join();

    @AfterEach
    void close() {
        fleet.close();
    }

    private static EnqueueMiddleware noting(List<String> seen, String name) {
        return (tasks, rest) -> {
            seen.add(name + " before " + tasks.size());
            List<Enqueued> receipts = rest.enqueue(tasks);
            seen.add(name + " after");
            return receipts;
        };
    }

    @Test
    void theFirstIsOutsideAndEachCallGoesThroughOnce() {
        List<String> seen = new ArrayList<>();
        TaskQueue tasks = TaskQueue.on(node).around(noting(seen, "a")).around(noting(seen, "b"));
        tasks.enqueue(COUNT, 1);
        tasks.enqueueAll(COUNT, List.of(1, 2, 3));
        tasks.enqueueTogether(List.of(NewTask.of(COUNT, 1), NewTask.of(COUNT, 2)));
        assertThat(seen)
                .containsExactly(
                        "a before 1",
                        "b before 1",
                        "b after",
                        "a after",
                        "a before 3",
                        "b before 3",
                        "b after",
                        "a after",
                        "a before 2",
                        "b before 2",
                        "b after",
                        "a after");
        assertThat(waiting("numbers")).isEqualTo(6);
    }

    @Test
    void optionsCanBeChangedAndAThrowAddsNothing() {
        TaskQueue elsewhere = TaskQueue.on(node)
                .around((tasks, rest) -> rest.enqueue(tasks.stream()
                        .<NewTask<?>>map(task -> task.withOptions(task.options().withQueue("other")))
                        .toList()));
        assertThat(elsewhere.enqueue(COUNT, 1).queue()).isEqualTo("other");
        TaskQueue never = TaskQueue.on(node).around((tasks, rest) -> {
            throw new IllegalStateException("not today");
        });
        assertThatThrownBy(() -> never.enqueue(COUNT, 1)).hasMessage("not today");
        assertThat(waiting("numbers")).isZero();
        assertThat(waiting("other")).isEqualTo(1);
    }

    @Test
    void aMiddlewareThatLosesReceiptsIsTold() {
        TaskQueue tasks = TaskQueue.on(node).around((added, rest) -> List.of());
        assertThatThrownBy(() -> tasks.enqueue(COUNT, 1))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("0 receipts for 1 tasks");
    }

    private long waiting(String queue) {
        return TaskQueue.on(node).inspect().queue(queue).map(QueueInfo::waiting).orElse(0L);
    }
}
