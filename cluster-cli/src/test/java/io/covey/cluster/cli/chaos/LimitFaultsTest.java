package io.covey.cluster.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.cli.chaos.Ledger.Run;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.QueueSettings.Rate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of a queue hold for all processes together, also while some of them are killed. */
@Tag("chaos")
@Timeout(600)
final class LimitFaultsTest {
    private static final int FLEET = 4;
    private static final int CONCURRENCY = 10;
    private static final int KILLS = 5;
    private static final int BETWEEN_KILLS = 50;
    private static final int LIMIT = 5;
    private static final int KEYS = 4;
    private static final int KEY_LIMIT = 2;

    private static final int PROCESSES = 3;
    private static final int TASKS = 1500;
    private static final Rate RATE = Rate.of(100, Duration.ofSeconds(1));
    private static final long WARM_UP_MILLIS = 1000;
    private static final long WINDOW_MILLIS = 10_000;

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void noMoreRunAtOnceThanTheQueueAllowsWhileWorkersAreKilled(String driver) throws Exception {
        try (Scene scene = new Scene("limit", driver)) {
            scene.queue.queue(Work.QUEUE).change(now -> now.withLimits(Optional.of(LIMIT), Optional.empty()));
            List<Run> runs = runsBesideKills(scene);
            assertThat(Concurrency.most(runs, scene.strikes)).as("runs at once").isEqualTo(LIMIT);
            scene.proved();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void noMoreOfAKeyRunAtOnceThanItMayWhileWorkersAreKilled(String driver) throws Exception {
        try (Scene scene = new Scene("key-limit", driver)) {
            scene.queue
                    .queue(Work.QUEUE)
                    .change(now -> now.withKind(Kind.OWN).withKeyLimits(Optional.of(KEY_LIMIT), Optional.empty()));
            scene.feeder.kept = Work.PATIENT.key(work -> "key" + key(work.number()));
            List<Run> runs = runsBesideKills(scene);
            assertThat(runs.stream().collect(Collectors.groupingBy(run -> key(run.task()))))
                    .hasSize(KEYS)
                    .allSatisfy((key, of) -> assertThat(Concurrency.most(of, scene.strikes))
                            .as("runs of key %d at once", key)
                            .isEqualTo(KEY_LIMIT));
            scene.proved();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void asManyStartInTenSecondsAsTheRateSays(String driver) throws Exception {
        try (Scene scene = new Scene("rate", driver)) {
            scene.queue.queue(Work.QUEUE).change(now -> now.withLimits(Optional.empty(), Optional.of(RATE)));
            scene.fleet(PROCESSES, CONCURRENCY);
            scene.feeder.add(Work.PATIENT, Collections.nCopies(TASKS, 1L));
            Verdict verdict = scene.finish();
            assertThat(verdict.secondStarts()).as("second starts").isZero();
            LongSummaryStatistics within = startsWithinTenSeconds(scene);
            System.out.println("chaos rate, " + driver + ": " + within.getMin() + " to " + within.getMax()
                    + " starts in 10 s, whichever");
            assertThat(within.getCount()).as("windows of 10 s").isPositive();
            assertThat(within.getMin()).as("starts in some 10 s").isGreaterThanOrEqualTo(950);
            assertThat(within.getMax()).as("starts in some 10 s").isLessThanOrEqualTo(1050);
            scene.proved();
        }
    }

    /** In each window that begins a second after the first start or later, and ends before the last one. */
    private static LongSummaryStatistics startsWithinTenSeconds(Scene scene) {
        long[] starts = runs(scene).stream().mapToLong(Run::started).sorted().toArray();
        return LongStream.rangeClosed(starts[0] + WARM_UP_MILLIS, starts[starts.length - 1] - WINDOW_MILLIS)
                .map(from -> Arrays.stream(starts)
                        .filter(at -> at >= from && at < from + WINDOW_MILLIS)
                        .count())
                .summaryStatistics();
    }

    /** Keeps a fleet at work, kills processes in the middle of a run, and waits until all is done. */
    private static List<Run> runsBesideKills(Scene scene) throws Exception {
        List<ChaosProcess> fleet = scene.fleet(FLEET, CONCURRENCY);
        scene.feed(FLEET * CONCURRENCY, 20, 200);
        for (int i = 0; i < KILLS; i++) {
            long more = scene.ledger.done() + BETWEEN_KILLS + scene.random.nextInt(BETWEEN_KILLS);
            await().atMost(Scene.PATIENCE).until(() -> scene.ledger.done() >= more);
            int victim = running(scene, fleet);
            scene.kill(fleet.get(victim));
            fleet.set(victim, scene.start("substitute", CONCURRENCY).awaitReady());
        }
        assertThat(scene.finish().inFlight()).as("in flight when killed").isPositive();
        return runs(scene);
    }

    /** One that runs something, once there is one: who was killed keeps its places until its lease is over. */
    private static int running(Scene scene, List<ChaosProcess> fleet) {
        int first = scene.random.nextInt(FLEET);
        return await().atMost(Scene.PATIENCE)
                .until(
                        () -> IntStream.range(first, first + FLEET)
                                .map(i -> i % FLEET)
                                .filter(i -> scene.ledger.inHand(fleet.get(i).name()) > 0)
                                .findFirst(),
                        OptionalInt::isPresent)
                .getAsInt();
    }

    private static List<Run> runs(Scene scene) {
        return scene.ledger.runs().values().stream().flatMap(List::stream).toList();
    }

    private static int key(int task) {
        return task % KEYS;
    }
}
