package io.covey.cluster.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to Redis and to the way there: nothing runs twice. */
@Tag("chaos")
@Timeout(600)
final class OutageFaultsTest {
    private static final int CONCURRENCY = 25;
    private static final int FLEET = 3;
    private static final int IN_FLIGHT = FLEET * CONCURRENCY;
    /** Longer than a lease. */
    private static final long OUTAGE_MILLIS = 9000;

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void theWholeFleetIsCutOff(String driver) throws Exception {
        try (Scene scene = new Scene("cut", driver)) {
            scene.fleet(FLEET, CONCURRENCY);
            scene.feed(IN_FLIGHT, 200, 2000);
            scene.proxy.hold();
            scene.pass(OUTAGE_MILLIS);
            scene.proxy.pass();
            assertThatNothingRanTwice(scene);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void longTasksAskBeforeTheirEffectDuringACut(String driver) throws Exception {
        try (Scene scene = new Scene("assert-mine", driver)) {
            scene.fleet(FLEET, CONCURRENCY);
            scene.feeder.add(
                    Work.ASSERTING,
                    LongStream.generate(() -> 15_000).limit(60).boxed().toList());
            await().atMost(Scene.PATIENCE).until(() -> scene.ledger.started() == 60);
            // The tasks end while nobody can say whose they are.
            scene.pass(7000 + scene.random.nextInt(2000));
            scene.proxy.hold();
            scene.pass(OUTAGE_MILLIS);
            scene.proxy.pass();
            assertThatNothingRanTwice(scene);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void redisStandsStill(String driver) throws Exception {
        try (Scene scene = new Scene("redis-pause", driver)) {
            scene.fleet(FLEET, CONCURRENCY);
            scene.feed(IN_FLIGHT, 200, 2000);
            scene.redis.pause();
            scene.pass(OUTAGE_MILLIS);
            scene.redis.resume();
            assertThatNothingRanTwice(scene);
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void connectionsAreResetThirtyTimes(String driver) throws Exception {
        try (Scene scene = new Scene("reset", driver)) {
            scene.fleet(FLEET, CONCURRENCY);
            scene.feed(IN_FLIGHT, 50, 1000);
            for (int i = 0; i < 30; i++) {
                scene.pass(200 + scene.random.nextInt(200));
                scene.proxy.reset();
            }
            assertThatNothingRanTwice(scene);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void redisIsKilledThreeTimes(String driver) throws Exception {
        try (Scene scene = new Scene("redis-kill", driver)) {
            scene.fleet(FLEET, CONCURRENCY);
            scene.feed(IN_FLIGHT, 50, 1000);
            for (int i = 0; i < 3; i++) {
                awaitWritten(scene);
                scene.redis.kill();
                scene.pass(1500);
                scene.redis.restart();
                scene.pass(1500 + scene.random.nextInt(1500));
            }
            assertThatNothingRanTwice(scene);
        }
    }

    /** While an fsync is under way Redis keeps back for up to two seconds what it has acknowledged: lost with it, whoever asked. */
    private static void awaitWritten(Scene scene) {
        await().atMost(Scene.PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> {
            String info = scene.redis.command("INFO", "persistence");
            return info.contains("aof_pending_bio_fsync:0") && info.contains("aof_buffer_length:0");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void aFullRedisIsDrained(String driver) throws Exception {
        try (Scene scene = new Scene("out-of-memory", driver)) {
            for (int i = 0; i < 10; i++) {
                scene.feeder.add(
                        Work.PATIENT, scene.random.longs(200, 50, 500).boxed().toList());
            }
            assertThat(scene.feeder.accepted).hasSize(2000);
            scene.fleet(FLEET, CONCURRENCY);
            scene.redis.command("CONFIG", "SET", "maxmemory", "1");
            scene.feeder.add(Work.PATIENT, LongStream.of(50, 50, 50).boxed().toList());
            assertThat(scene.feeder.refused).as("refused whole").hasSize(3);
            await().atMost(Scene.PATIENCE).until(() -> scene.ledger.done() == 2000);
            scene.redis.command("CONFIG", "SET", "maxmemory", "0");
            scene.feeder.add(Work.PATIENT, LongStream.of(50, 50, 50).boxed().toList());
            assertThat(scene.feeder.accepted).hasSize(2003);
            assertThatNothingRanTwice(scene);
        }
    }

    private static void assertThatNothingRanTwice(Scene scene) throws Exception {
        Verdict verdict = scene.finish();
        assertThat(verdict.secondStarts()).as("second starts").isZero();
        assertThat(verdict.secondDone()).as("second completions").isZero();
        scene.proved();
    }
}
