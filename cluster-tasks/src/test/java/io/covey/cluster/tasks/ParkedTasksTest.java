package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParkedTasksTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers");
    private static final TaskType<String> FOREIGN =
            TaskType.raw("Some::Odd-Type.v2").on("numbers");

    private final Fleet fleet = new Fleet();
    private final Cluster node = fleet.join();
    private final TaskQueue tasks = TaskQueue.on(node);

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void aFloodOfTasksThatNobodyHereCanRunIsParkedAndTheOthersRun() {
        ConcurrentLinkedQueue<Integer> seen = new ConcurrentLinkedQueue<>();
        tasks.enqueueAll(FOREIGN, Collections.nCopies(20_000, "[1,{\"two\":[]}]"));
        tasks.enqueue(COUNT, 7);
        Worker worker = Worker.on(node)
                .queues("numbers")
                .concurrency(4)
                .handlers(handlers -> handlers.handle(COUNT, (number, task) -> seen.add(number)))
                .start();
        await().atMost(LONG)
                .until(() -> worker.stats().failed() == 20_000 && worker.stats().processed() == 1);
        assertThat(seen).containsExactly(7);
        assertThat(tasks.inspect().failed(0, 1)).singleElement().satisfies(failed -> {
            assertThat(failed.failure().message()).isEqualTo("No handler for task type Some::Odd-Type.v2");
            assertThat(failed.failure().attempts()).isEqualTo(1);
            assertThat(failed.failure().task()).isNotEmpty();
        });
    }

    @Test
    void severalArgumentsAndAnObjectInPlaceOfNoneAreRead() {
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        tasks.enqueueAll(FOREIGN, List.of("[1,\"two\",{\"three\":[3]}]", "[]"));
        Worker worker = Worker.on(node)
                .queues("numbers")
                .concurrency(1)
                .handlers(handlers -> handlers.handle(FOREIGN, (list, task) -> seen.add(list)))
                .start();
        await().atMost(LONG).until(() -> worker.stats().processed() == 2);
        assertThat(seen).containsExactly("[1,\"two\",{\"three\":[3]}]", "[]");
    }

    @Test
    void oneLineASecondIsTold() {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10);
        LogLimit limit = new LogLimit(new WorkerTime(now::get, 1, 1));
        assertThat(limit.tell()).isZero();
        for (int i = 0; i < 5; i++) {
            assertThat(limit.tell()).isEqualTo(LogLimit.NO);
        }
        assertThat(limit.rest()).isZero();
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(limit.tell()).isEqualTo(5);
        assertThat(limit.tell()).isEqualTo(LogLimit.NO);
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(limit.rest()).isEqualTo(1);
        assertThat(limit.rest()).isZero();
        assertThat(limit.tell()).isEqualTo(LogLimit.NO);
        assertThat(limit.all()).isEqualTo(1);
        assertThat(limit.all()).isZero();
    }
}
