package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.QueueSettings.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UniqueTaskTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final TaskType<Integer> COUNT = TaskType.of("count", Integer.class)
            .on("numbers")
            .retry(RetryPolicy.standard().withAttempts(2).withFixedDelay(Duration.ZERO));

    private final Fleet fleet = new Fleet();
    private final Cluster node = fleet.join();
    private final TaskQueue tasks = TaskQueue.on(node);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger starts = new AtomicInteger();

    @AfterEach
    void close() {
        release.countDown();
        fleet.close();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void oneThatIsUniqueUntilItIsDoneIsFreeWhenItIsDone(Kind kind) {
        TaskType<Integer> type = COUNT.uniqueUntilDone(LONG);
        Worker worker = worker(kind, type, (number, task) -> {
            starts.incrementAndGet();
            release.await();
        });
        assertThat(tasks.enqueue(type, 1).accepted()).isTrue();
        await().until(() -> starts.get() == 1);
        assertThat(tasks.enqueue(type, 1).accepted()).isFalse();
        assertThat(tasks.enqueue(type, 2).accepted()).isTrue();
        release.countDown();
        await().until(() -> worker.stats().processed() == 2);
        assertThat(tasks.enqueue(type, 1).accepted()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void oneThatHasFailedIsFreeToo(Kind kind) {
        TaskType<Integer> type = COUNT.uniqueUntilDone(LONG);
        Worker worker = worker(kind, type, (number, task) -> {
            if (starts.incrementAndGet() <= 2) {
                throw new IOException("no");
            }
        });
        tasks.enqueue(type, 1);
        await().until(() -> worker.stats().failed() == 1);
        assertThat(tasks.enqueue(type, 1).accepted()).isTrue();
        await().until(() -> worker.stats().processed() == 1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void oneThatIsUniqueUntilItStartsIsFreeBeforeItsHandlerRuns(Kind kind) {
        TaskType<Integer> type = COUNT.uniqueUntilStarted(LONG);
        AtomicInteger accepted = new AtomicInteger();
        Worker worker = worker(kind, type, (number, task) -> {
            if (starts.incrementAndGet() == 1) {
                accepted.addAndGet(tasks.enqueue(type, 1).accepted() ? 1 : 0);
            }
        });
        assertThat(tasks.enqueue(type, 1).accepted()).isTrue();
        await().until(() -> worker.stats().processed() == 2);
        assertThat(accepted).hasValue(1);
    }

    @Test
    void oneThatIsUniqueUntilItStartsAndFailsBeforeIsFree() {
        TaskType<Integer> type = COUNT.uniqueUntilStarted(LONG);
        TaskType<Integer> other = TaskType.of("other", Integer.class).on("numbers");
        Worker worker = worker(Kind.OWN, other, (number, task) -> {});
        assertThat(tasks.enqueue(type, 1).accepted()).isTrue();
        await().until(() -> worker.stats().failed() == 1);
        assertThat(tasks.enqueue(type, 1).accepted()).isTrue();
    }

    private Worker worker(Kind kind, TaskType<Integer> type, TaskHandler<Integer> handler) {
        tasks.queue("numbers").change(settings -> settings.withKind(kind));
        return Worker.on(node)
                .queues("numbers")
                .concurrency(2)
                .handlers(handlers -> handlers.handle(type, handler))
                .start();
    }
}
