package io.covey.cluster.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.cli.StartedCommand;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import tools.jackson.databind.JsonNode;

/** What {@code cluster start} promises, with real workers under load. */
@Tag("long")
@Timeout(900)
@EnabledOnOs(value = OS.LINUX, disabledReason = "signals, and the memory of processes")
class StartTest {
    private static final int WORKERS = 4;
    private static final int TIMES = 3;

    /** What a machine with other things to do may add to a time that is judged. */
    private static final Duration NOISE = Duration.ofSeconds(15);

    @Test
    void rollingRestartsUnderLoadLoseNothingRunNothingTwiceAndFailNoCall() throws Exception {
        try (StartScene scene = new StartScene()) {
            StartedCommand start = scene.start("roll", WORKERS);
            scene.load();
            for (int i = 1; i <= TIMES; i++) {
                start.signalRestart();
                start.until("rollout-done", i);
            }
            Verdict verdict = scene.finish("rolling restart of 4 workers, three times");
            assertThat(verdict.secondStarts()).as("run twice").isZero();
            assertThat(scene.failures).as("failed calls").isEmpty();
            assertThat(scene.answered).hasPositiveValue();
            assertThat(start.events("killed")).isEmpty();
            start.signal("TERM");
            assertThat(start.status()).isZero();
            scene.proved();
        }
    }

    @Test
    void killsOfRandomProcessesInBetweenRunOnlyWhatWasInFlightAgain() throws Exception {
        try (StartScene scene = new StartScene()) {
            StartedCommand start = scene.start("kill", WORKERS);
            scene.load();
            for (int i = 1; i <= TIMES; i++) {
                int ends = i;
                start.signal("USR2");
                for (int kill = 0; kill < 2; kill++) {
                    scene.pass(8000);
                    scene.killOneOf(start);
                }
                await().atMost(StartedCommand.PATIENCE)
                        .until(() -> start.events("rollout-done").size()
                                        + start.events("rollout-stopped").size()
                                >= ends);
            }
            scene.finish("rolling restart of 4 workers and kill -9, three times");
            assertThat(scene.failures)
                    .allSatisfy(
                            failure -> assertThat(StartScene.reason(failure)).isEqualTo("NODE_LOST"));
            scene.proved();
        }
    }

    @Test
    void whenTheSupervisorIsKilledItsProcessesAreGoneAndTheirTasksRunElsewhere() throws Exception {
        try (StartScene scene = new StartScene()) {
            StartedCommand start = scene.start("orphan", 2);
            scene.feeder.add(
                    Work.PATIENT,
                    LongStream.generate(() -> 12_000).limit(20).boxed().toList());
            await().atMost(StartedCommand.PATIENCE).until(() -> scene.ledger.started() == 20);
            List<StartedCommand.Child> children = start.children();
            Map<String, Map<Integer, Long>> held = new HashMap<>();
            children.forEach(child -> held.put(child.name(), scene.holdings.of(child.name(), scene.ledger)));
            long from = System.currentTimeMillis();
            start.kill();
            await().atMost(Duration.ofSeconds(5).plus(NOISE))
                    .until(() ->
                            children.stream().allMatch(child -> child.process().isEmpty()));
            long gone = System.currentTimeMillis();
            held.forEach((child, tasks) -> scene.strikes.add(new Strike(child, from, gone, tasks)));
            scene.start("next", 1, "--concurrency=20");
            Verdict verdict = scene.finish("kill -9 of the supervisor: processes gone after " + (gone - from) + " ms");
            assertThat(verdict.secondStarts()).isEqualTo(20);
            scene.proved();
        }
    }

    @Test
    void signalsThatReachTheWholeGroupCutNothing() throws Exception {
        try (StartScene scene = new StartScene()) {
            StartedCommand start = scene.start("group", 2);
            scene.feeder.add(
                    Work.PATIENT,
                    LongStream.generate(() -> 5000).limit(20).boxed().toList());
            await().atMost(StartedCommand.PATIENCE).until(() -> scene.ledger.started() == 20);
            for (String signal : List.of("INT", "TERM", "TERM", "INT")) {
                for (StartedCommand.Child child : start.children()) {
                    assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(child.pid()))
                                    .start()
                                    .waitFor())
                            .isZero();
                }
                if (signal.equals("INT")) {
                    start.signal(signal);
                }
            }
            assertThat(start.status()).isZero();
            assertThat(scene.finish("a group that gets SIGINT and SIGTERM twice")
                            .secondStarts())
                    .isZero();
            scene.proved();
        }
    }

    @Test
    void aProcessThatStandsStillIsReplacedAndItsTasksRunElsewhere() throws Exception {
        try (StartScene scene = new StartScene()) {
            StartedCommand start = scene.start("hung", 2, "--drain=2s");
            scene.feeder.add(
                    Work.PATIENT,
                    LongStream.generate(() -> 3000).limit(20).boxed().toList());
            await().atMost(StartedCommand.PATIENCE).until(() -> scene.ledger.started() == 20);
            StartedCommand.Child victim = start.children().get(0);
            long from = System.currentTimeMillis();
            assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(victim.pid()))
                            .start()
                            .waitFor())
                    .isZero();
            Map<Integer, Long> held = scene.holdings.of(victim.name(), scene.ledger);
            JsonNode draining = start.until("draining", 1);
            assertThat(draining.path("cause").asString()).isEqualTo("hung");
            assertThat(draining.path("child").asString()).isEqualTo(victim.name());
            start.until("killed", 1);
            start.until("child-ready", 3);
            scene.strikes.add(new Strike(victim.name(), from, System.currentTimeMillis(), held));
            scene.finish("SIGSTOP of a worker");
            scene.proved();
        }
    }

    @Test
    void aProcessThatEatsMemoryIsReplacedBeforeTheKernelDoesIt() throws Exception {
        try (StartScene scene = new StartScene()) {
            StartedCommand start =
                    scene.start("eater", 2, "--max-memory=300m", "--java-options=-Xmx2g -XX:+UseSerialGC");
            scene.queue.enqueue(Work.HUNGRY, new Work(scene.feeder.nextNumber(), 250));
            JsonNode draining = start.until("draining", 1);
            assertThat(draining.path("cause").asString()).isEqualTo("memory");
            start.until("child-ready", 3);
            assertThat(start.children())
                    .extracting(StartedCommand.Child::name)
                    .contains(draining.path("child").asString().replace(".1", ".2"));
            scene.finish("memory eater: " + draining.path("reason").asString());
            scene.proved();
        }
    }
}
