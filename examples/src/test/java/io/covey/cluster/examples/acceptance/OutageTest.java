package io.covey.cluster.examples.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Health;
import io.covey.cluster.Lock;
import io.covey.cluster.examples.OnBothDrivers;
import io.covey.cluster.tasks.WorkerEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/** Nodes whose server goes away serve again by themselves when it comes back. */
@Timeout(120)
final class OutageTest {
    private static final Duration LONG_BEAT = Duration.ofSeconds(5);
    private static final Duration SHORT_BEAT = Duration.ofSeconds(1);

    @OnBothDrivers
    void afterTheServerWasKilledEverythingGoesOnAndNoTaskRunsTwice(String scheme) throws Exception {
        try (Scene scene = new Scene(scheme, LONG_BEAT)) {
            scene.enqueue(0, Scene.TASKS);
            scene.permits.release(100);
            scene.awaitDone(100);

            scene.backend.redis.kill();
            scene.awaitHealth(false);
            Refusals refusals = scene.refuse();
            scene.permits.release(Scene.TASKS);

            scene.backend.redis.restart();
            Map<String, Long> took = scene.recovery();
            scene.awaitDone(Scene.TASKS);

            report("kill -9", scheme, took, refusals);
            assertThatAllRanOnce(scene, Scene.TASKS);
            assertThatTheOutageWasTold(scene);
            assertThat(scene.held.stillMine())
                    .as("a lock whose lease was longer than the outage")
                    .isTrue();
            assertThat(scene.lost).isEmpty();
            assertThatAllAreWell(took);
        }
    }

    @OnBothDrivers
    void afterTheServerWasFrozenForLongerThanALeaseOnlyTheLockIsLost(String scheme) throws Exception {
        try (Scene scene = new Scene(scheme, SHORT_BEAT)) {
            scene.enqueue(0, Scene.TASKS);
            scene.permits.release(100);
            scene.awaitDone(100);

            scene.backend.redis.pause();
            Refusals refusals = scene.refuse();
            scene.awaitHealth(false);
            scene.permits.release(Scene.TASKS);
            await().atMost(Scene.PATIENCE).until(() -> !scene.lost.isEmpty());
            assertThat(scene.held.stillMine()).isFalse();

            scene.backend.redis.resume();
            Map<String, Long> took = scene.recovery();
            scene.awaitDone(Scene.TASKS);

            report("SIGSTOP", scheme, took, refusals);
            assertThatAllRanOnce(scene, Scene.TASKS);
            assertThatTheOutageWasTold(scene);
            assertThatTheNextFenceIsNewer(scene);
            assertThatAllAreWell(took);
        }
    }

    @OnBothDrivers
    void afterTheServerCameBackEmptyTheNodesComeBackAndNewWorkFlows(String scheme) throws Exception {
        try (Scene scene = new Scene(scheme, SHORT_BEAT)) {
            scene.enqueue(0, 100);
            scene.permits.release(50);
            scene.awaitDone(50);

            scene.backend.redis.kill();
            scene.awaitHealth(false);
            Refusals refusals = scene.refuse();
            scene.permits.release(Scene.TASKS);
            scene.backend.redis.restartEmpty();
            Map<String, Long> took = scene.recovery();
            scene.enqueue(100, 200);
            await().atMost(Scene.PATIENCE)
                    .until(() -> scene.ledger
                                    .keys("t1")
                                    .filter(key -> key.length() == 4)
                                    .count()
                            == 100);

            report("restart empty", scheme, took, refusals);
            assertThatTheOutageWasTold(scene);
            await().atMost(Scene.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(scene.events).hasAtLeastOneElementOfType(WorkerEvent.DataEpochChanged.class));
            await().atMost(Scene.PATIENCE).until(() -> scene.lost.size() == 1);
            assertThatTheNextFenceIsNewer(scene);
            assertThatAllAreWell(took);
        }
    }

    private static void assertThatAllRanOnce(Scene scene, int tasks) {
        assertThat(scene.runs).hasSize(tasks);
        assertThat(scene.runs.values()).as("runs of each task").containsOnly(1);
        assertThat(scene.ledger.getAll(scene.ledger.keys("").toList()).values())
                .as("what the ledger says of each task")
                .hasSize(tasks)
                .containsOnly(1);
        await().atMost(Scene.PATIENCE)
                .untilAsserted(
                        () -> assertThat(scene.worker.stats().processedByQueue().get("marks"))
                                .isEqualTo(tasks));
        assertThat(scene.events).doesNotHaveAnyElementsOfTypes(WorkerEvent.DataEpochChanged.class);
        assertThat(scene.tasks.inspect().failed(0, 10)).isEmpty();
        assertThat(scene.tasks.inspect().queue("marks"))
                .hasValueSatisfying(queue -> assertThat(queue.waiting() + queue.active() + queue.retry())
                        .isZero());
    }

    private static void assertThatTheOutageWasTold(Scene scene) {
        for (Map.Entry<String, Collection<Health.State>> node : scene.health.entrySet()) {
            assertThat(node.getValue()).as("health of %s", node.getKey()).hasSize(2);
            Health.State down = node.getValue().iterator().next();
            assertThat(down.up()).isFalse();
            assertThat(down.reason())
                    .hasValueSatisfying(reason -> assertThat(reason)
                            .contains("127.0.0.1:" + scene.backend.redis.port())
                            .doesNotContain("\n"));
        }
        assertThat(scene.gaps).as("gaps of the subscription").isNotEmpty();
        assertThat(scene.changes).as("what members saw of each other").noneMatch(change -> change.endsWith("DIED"));
        assertThat(scene.ada.members().list()).hasSize(2);
        assertThat(scene.bob.members().list()).hasSize(2);
        assertThat(scene.events).hasAtLeastOneElementOfType(WorkerEvent.Interrupted.class);
    }

    private static void assertThatTheNextFenceIsNewer(Scene scene) throws InterruptedException {
        Lock.Held next = scene.bob.lock("only-one").tryLock(Scene.PATIENCE).orElseThrow();
        assertThat(next.fence()).isGreaterThan(scene.held.fence());
        next.close();
    }

    private static void assertThatAllAreWell(Map<String, Long> took) {
        assertThat(took.values()).allMatch(millis -> millis < Scene.PATIENCE.toMillis());
    }

    private static void report(String what, String scheme, Map<String, Long> took, Refusals refusals) {
        System.out.println("Outage by " + what + " on " + scheme + ": served again after ms " + took + "; " + refusals);
    }
}
