package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.RefusedException;
import io.covey.cluster.spi.QueueControl.Cancelled;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.QueueSettings.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NamedQueueTest {
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers");

    private final Fleet fleet = new Fleet();
    private final Cluster node = fleet.join();
    private final TaskQueue tasks = TaskQueue.on(node);
    private final NamedQueue queue = tasks.queue("numbers");

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void settingsHoldInTheWholeCluster() {
        Rate rate = Rate.of(100, Duration.ofSeconds(1));
        assertThat(queue.settings().kind()).isEqualTo(Kind.SHARED);
        queue.change(now -> now.withKind(Kind.OWN).withLimits(Optional.of(5), Optional.of(rate)));
        assertThat(TaskQueue.on(fleet.join()).queue("numbers").settings())
                .isEqualTo(queue.settings())
                .satisfies(seen -> {
                    assertThat(seen.kind()).isEqualTo(Kind.OWN);
                    assertThat(seen.concurrency()).contains(5);
                    assertThat(seen.rate()).contains(rate);
                });
        tasks.enqueue(COUNT, 1);
        assertThatThrownBy(() -> queue.change(now -> now.withKind(Kind.SHARED)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("numbers");
    }

    @Test
    void aPausedQueueHandsOutNothingUntilItIsResumed() {
        queue.pause();
        tasks.enqueue(COUNT, 1);
        tasks.enqueue(COUNT.on("others"), 2);
        ConcurrentLinkedQueue<Integer> ran = new ConcurrentLinkedQueue<>();
        Worker.on(node)
                .queues("numbers", "others")
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> ran.add(number)))
                .start();
        await().atMost(Duration.ofSeconds(60)).until(() -> ran.contains(2));
        assertThat(ran).containsExactly(2);
        assertThat(queue.counts().paused()).isTrue();
        queue.resume();
        await().atMost(Duration.ofSeconds(60)).until(() -> ran.contains(1));
    }

    @Test
    void waitingTasksAreRemovedByContentByTypeAndById() {
        tasks.enqueueAll(COUNT, List.of(1, 2, 1));
        tasks.enqueue(TaskType.of("other", Integer.class).on("numbers"), 1);
        assertThat(queue.remove(COUNT, 1)).isEqualTo(2);
        assertThat(queue.remove(COUNT, 1)).isZero();
        assertThat(queue.removeType("other")).isEqualTo(1);
        assertThat(queue.counts().waiting()).isEqualTo(1);
        NamedQueue own = tasks.queue("own");
        own.change(now -> now.withKind(Kind.OWN));
        Enqueued task = tasks.enqueue(COUNT.on("own"), 1);
        assertThat(own.cancel(task.id())).isEqualTo(Cancelled.REMOVED);
        assertThat(own.cancel(task.id())).isEqualTo(Cancelled.UNKNOWN);
        assertThat(own.counts().waiting()).isZero();
    }

    @Test
    void delayedTasksAreFoundAndRemovedByContent() {
        Instant due = node.clock().instant().plus(Duration.ofHours(1));
        tasks.enqueueAt(COUNT, 1, due);
        tasks.enqueueAt(COUNT, 1, due.plusSeconds(60));
        assertThat(queue.delayedAt(COUNT, 1)).hasSize(2).isSorted();
        assertThat(queue.removeDelayed(COUNT, 1)).isEqualTo(2);
        assertThat(queue.delayedAt(COUNT, 1)).isEmpty();
    }
}
