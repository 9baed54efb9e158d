package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RegroupingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long TOOK = 300_000;
    private static final TaskType<Integer> COUNT =
            TaskType.of("count", Integer.class).on("numbers");

    private final Fleet fleet = new Fleet();
    private final Faults faults = new Faults(7);
    private final Cluster node = fleet.join(faults);
    private final TaskQueue tasks = TaskQueue.on(node);
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> producers = new ArrayList<>();

    @AfterEach
    void close() throws InterruptedException {
        over.set(true);
        for (Thread producer : producers) {
            producer.join();
        }
        fleet.close();
    }

    private AtomicInteger produce(int most) {
        AtomicInteger done = new AtomicInteger();
        Thread producer = new Thread(() -> {
            while (!over.get() && done.get() < most) {
                tasks.enqueue(COUNT, done.get());
                done.incrementAndGet();
            }
        });
        producers.add(producer);
        producer.start();
        return done;
    }

    @Test
    void callersWhoComeStraightBackTravelTogether() {
        Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
        faults.beforeEnqueue(batch -> {
            LockSupport.parkNanos(TOOK); // the way to a backend on another machine
            sizes.add(batch.size());
        });
        for (int i = 0; i < 4; i++) {
            produce(Integer.MAX_VALUE);
        }
        await().atMost(PATIENCE).until(() -> sizes.contains(4));
    }

    @Test
    void whoDoesNotComeBackHoldsNobodyUp() throws InterruptedException {
        AtomicInteger few = produce(10);
        AtomicInteger many = produce(2000);
        for (Thread producer : producers) {
            producer.join(PATIENCE.toMillis());
        }
        assertThat(few).hasValue(10);
        assertThat(many).hasValue(2000);
    }

    @Test
    void aBatchWaitsForThoseJustAnsweredAndEverMoreSeldomIfTheyStayAway() {
        Regrouping regrouping = new Regrouping();
        assertThat(regrouping.begin(2, 1, 1)).as("near").isFalse();
        assertThat(regrouping.begin(1, 0, TOOK)).isFalse();
        assertThat(regrouping.begin(2, 1, TOOK)).isTrue();
        assertThat(regrouping.goesOn(3)).isFalse();
        regrouping.end(3);
        for (int miss = 1; miss <= 5; miss++) {
            assertThat(regrouping.begin(2, 0, TOOK))
                    .as("after %d misses", miss - 1)
                    .isTrue();
            regrouping.end(1);
            assertThat(regrouping.nanosLeft()).isZero();
            for (int i = 0; i < 1 << miss; i++) {
                assertThat(regrouping.begin(2, 0, TOOK)).isFalse();
            }
        }
        assertThat(regrouping.begin(2, 0, TOOK)).isTrue();
        regrouping.end(2);
        assertThat(regrouping.begin(2, 0, TOOK)).isTrue();
    }
}
