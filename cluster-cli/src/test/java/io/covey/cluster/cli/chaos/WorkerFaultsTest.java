package io.covey.cluster.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
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
    private static final int KILLS = 10;
    private static final int POISON_LIMIT = 3;
    /** A worker with other work waits for 10 to 20 s before it runs a last try alone, and 1 s between two of them. */
    private static final Duration LAST_TRY = Verdict.SECOND_RUN.plusSeconds(20);

    private static final Duration EACH_LAST_TRY = Duration.ofSeconds(2);

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = "jedis")
    void killedOnce(String driver) throws Exception {
        try (Scene scene = new Scene("once", driver)) {
            List<ChaosProcess> fleet = scene.fleet(2, CONCURRENCY);
            scene.feed(2 * CONCURRENCY, 500, 1500);
            scene.kill(fleet.get(0));
            assertThat(scene.finish().secondStarts()).isPositive();
            scene.proved();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void killedTenTimesOnARedisCluster(String driver) throws Exception {
        try (Scene scene = Scene.onCluster("cluster-kill", driver)) {
            killTenTimes(scene);
            scene.proved();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void killedTenTimesBehindSentinel(String driver) throws Exception {
        try (Scene scene = Scene.behindSentinel("sentinel-kill", driver)) {
            killTenTimes(scene);
            scene.proved();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void killedTenTimes(String driver) throws Exception {
        try (Scene scene = new Scene("kill", driver)) {
            killTenTimes(scene);
            scene.proved();
        }
    }

    private static void killTenTimes(Scene scene) throws Exception {
        List<ChaosProcess> fleet = scene.fleet(FLEET, CONCURRENCY);
        scene.feed(FLEET * CONCURRENCY, 500, 2500);
        scene.killSome(fleet, KILLS, CONCURRENCY);
        Verdict verdict = scene.finish();
        assertThat(verdict.inFlight())
                .as("in flight when killed; some of %d may end before the signal comes", KILLS * CONCURRENCY)
                .isBetween(KILLS * CONCURRENCY * 9 / 10, KILLS * CONCURRENCY);
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
                scene.kill(fleet.get(victim));
                // The others are enough to take over in time; without any of them there is nobody to.
                fleet.set(victim, named(scene, victim, contained).awaitReady());
            }
            scene.finish();
            scene.proved();
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
            scene.pause(victim);
            scene.pass(Scene.LEASE.multipliedBy(3).toMillis());
            victim.resume();
            scene.pass(1000 + scene.random.nextInt(2000));
            scene.finish();
            scene.proved();
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
            scene.proved();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void oneTaskAmongFiftyKillsItsProcess(String driver) throws Exception {
        try (Scene scene = new Scene("poison", driver)) {
            scene.limit(POISON_LIMIT);
            scene.feeder.add(
                    Work.PATIENT,
                    LongStream.generate(() -> 400).limit(25).boxed().toList());
            scene.queue.enqueue(Work.POISON, new Work(0, 200));
            scene.feeder.add(
                    Work.PATIENT,
                    LongStream.generate(() -> 400).limit(25).boxed().toList());
            List<ChaosProcess> alive = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                alive.add(scene.start("worker-" + i, 10));
            }
            await().atMost(Scene.PATIENCE).until(() -> {
                for (ChaosProcess worker : List.copyOf(alive)) {
                    if (!worker.isAlive()) {
                        scene.died(worker);
                        alive.remove(worker);
                        alive.add(scene.start("substitute", 10));
                    }
                }
                return !scene.queue.inspect().failed(0, 1).isEmpty();
            });
            Verdict verdict = scene.finish();
            Duration most =
                    LAST_TRY.plus(EACH_LAST_TRY.multipliedBy(verdict.lastTries().size()));
            assertThat(verdict.lastTries())
                    .as("how long after the deaths before them the last tries began; --patience %d", Asked.PATIENCE)
                    .isNotEmpty()
                    .allSatisfy(each -> assertThat(each).isLessThanOrEqualTo(most.multipliedBy(Asked.PATIENCE)));
            assertThat(scene.ledger.runs().get(0)).as("runs of the poison").hasSize(POISON_LIMIT);
            assertThat(scene.queue.inspect().failed(0, 10)).as("failed tasks").hasSize(1);
            scene.proved();
        }
    }
}
