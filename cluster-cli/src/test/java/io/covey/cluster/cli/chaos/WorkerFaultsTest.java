package io.covey.cluster.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to worker processes. */
@Tag("chaos")
@Timeout(600)
final class WorkerFaultsTest {
    private static final int CONCURRENCY = 50;
    private static final int FLEET = 3;

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = "jedis")
    void killedOnce(String driver) throws Exception {
        try (Scene scene = new Scene("once", driver)) {
            List<ChaosProcess> fleet = scene.fleet(2, CONCURRENCY);
            scene.feed(2 * CONCURRENCY, 500, 1500);
            scene.strike(fleet.get(0).kill());
            assertThat(scene.finish().secondStarts()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void killedFiveTimesOnARedisCluster(String driver) throws Exception {
        try (Scene scene = Scene.onCluster("cluster-kill", driver)) {
            List<ChaosProcess> fleet = scene.fleet(2, CONCURRENCY);
            scene.feed(2 * CONCURRENCY, 500, 2500);
            for (int i = 0; i < 5; i++) {
                int victim = scene.random.nextInt(2);
                scene.pass(500 + scene.random.nextInt(1500));
                scene.strike(fleet.get(victim).kill());
                fleet.set(victim, scene.start("substitute", CONCURRENCY).awaitReady());
            }
            assertThat(scene.finish().secondStarts()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void killedTenTimes(String driver) throws Exception {
        try (Scene scene = new Scene("kill", driver)) {
            List<ChaosProcess> fleet = scene.fleet(FLEET, CONCURRENCY);
            scene.feed(FLEET * CONCURRENCY, 500, 2500);
            for (int i = 0; i < 10; i++) {
                int victim = scene.random.nextInt(FLEET);
                scene.pass(500 + scene.random.nextInt(1500));
                scene.strike(fleet.get(victim).kill());
                fleet.set(victim, scene.start("substitute", CONCURRENCY).awaitReady());
            }
            Verdict verdict = scene.finish();
            assertThat(verdict.inFlight()).as("in flight when killed").isGreaterThan(100);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void killedAndStartedAgainUnderTheSameName(String driver) throws Exception {
        try (Scene scene = new Scene("same-name", driver)) {
            boolean contained = ChaosProcess.mayContain();
            if (!contained) {
                System.out.println("chaos same-name: \"unshare --pid\" is not allowed here; the process ids differ");
            }
            List<ChaosProcess> fleet = new ArrayList<>();
            for (int i = 0; i < FLEET; i++) {
                fleet.add(named(scene, i, contained));
            }
            scene.feed(FLEET * CONCURRENCY, 500, 2500);
            for (int i = 0; i < 5; i++) {
                int victim = scene.random.nextInt(FLEET);
                scene.pass(500 + scene.random.nextInt(1000));
                scene.strike(fleet.get(victim).kill());
                // The others are enough to take over in time; without any of them there is nobody to.
                fleet.set(victim, named(scene, victim, contained).awaitReady());
            }
            scene.finish();
        }
    }

    private static ChaosProcess named(Scene scene, int number, boolean contained) {
        String name = "worker-" + number;
        return contained ? scene.startContained(name, CONCURRENCY) : scene.start(name, CONCURRENCY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void pausedForThreeLeases(String driver) throws Exception {
        try (Scene scene = new Scene("pause", driver)) {
            List<ChaosProcess> fleet = scene.fleet(FLEET, CONCURRENCY);
            scene.feed(FLEET * CONCURRENCY, 500, 2500);
            ChaosProcess victim = fleet.get(scene.random.nextInt(FLEET));
            scene.strike(victim.pause());
            scene.pass(Scene.LEASE.multipliedBy(3).toMillis());
            victim.resume();
            scene.pass(1000 + scene.random.nextInt(2000));
            scene.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void replacedOneByOneUnderLoad(String driver) throws Exception {
        try (Scene scene = new Scene("rolling", driver)) {
            List<ChaosProcess> fleet = scene.fleet(FLEET, CONCURRENCY);
            scene.feed(FLEET * CONCURRENCY, 500, 2500);
            for (ChaosProcess old : fleet) {
                scene.start("next", CONCURRENCY).awaitReady();
                old.terminate();
            }
            scene.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void oneTaskAmongFiftyKillsItsProcess(String driver) throws Exception {
        try (Scene scene = new Scene("poison", driver)) {
            scene.feeder.add(
                    Work.PATIENT,
                    LongStream.generate(() -> 400).limit(25).boxed().toList());
            scene.queue.enqueue(Work.POISON, new Work(0, 200));
            scene.feeder.add(
                    Work.PATIENT,
                    LongStream.generate(() -> 400).limit(25).boxed().toList());
            List<ChaosProcess> alive = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                alive.add(scene.start("worker-" + i, 10, "--max-deliveries=3"));
            }
            await().atMost(Scene.PATIENCE).until(() -> {
                for (ChaosProcess worker : List.copyOf(alive)) {
                    if (!worker.isAlive()) {
                        scene.strike(worker.awaitDeath());
                        alive.remove(worker);
                        alive.add(scene.start("substitute", 10, "--max-deliveries=3"));
                    }
                }
                return !scene.queue.inspect().failed(0, 1).isEmpty();
            });
            // Last tries run alone, and each death costs the start of another process.
            scene.finish(false);
            assertThat(scene.ledger.runs().get(0)).as("runs of the poison").hasSize(3);
            assertThat(scene.queue.inspect().failed(0, 10)).as("failed tasks").hasSize(1);
        }
    }
}
