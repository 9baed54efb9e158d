package io.covey.cluster.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.supervisor.ChildEvent.Cause;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the scripts are for a shell")
class SupervisorTest {
    @TempDir
    Path folder;

    @Test
    void allAreStartedAndKnownToBeReadyAndDrainedAtTheEnd() throws Exception {
        try (Stage stage = Stage.of(Stage.script(Stage.WORK).workers(3)).running()) {
            assertThat(stage.names()).containsExactly("worker-1.1", "worker-2.1", "worker-3.1");
            assertThat(stage.supervisor.children()).allMatch(ChildStatus::ready);
            List<Long> pids = stage.pids();
            Outcome outcome = stage.stop();
            assertThat(outcome.exitStatus()).isZero();
            assertThat(pids).noneMatch(Stage::isAlive);
            assertThat(stage.all(ChildEvent.Ended.class))
                    .hasSize(3)
                    .allMatch(ended -> ended.asked() && ended.status() == 0);
            assertThat(stage.events.get(stage.events.size() - 1)).isInstanceOf(SupervisorEvent.Stopped.class);
        }
    }

    @Test
    void aSinkThatThrowsHearsTheNextLineAndTheProcessGoesOn() {
        List<String> lines = new CopyOnWriteArrayList<>();
        SupervisorBuilder builder = Stage.script("echo first; echo second; " + Stage.WORK)
                .log((child, error, line) -> {
                    String text = new String(line, StandardCharsets.UTF_8);
                    if (text.equals("first")) {
                        throw new IllegalStateException("for the test");
                    }
                    lines.add(text);
                });
        try (Supervisor supervisor = builder.start()) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> supervisor.children().stream().anyMatch(ChildStatus::ready));
            assertThat(lines).contains("second");
        }
    }

    @Test
    void timesMayBeForEver() throws Exception {
        Duration forEver = ChronoUnit.FOREVER.getDuration();
        try (Stage stage = Stage.of(Stage.script(Stage.WORK)
                        .startLimit(forEver)
                        .drain(forEver)
                        .liveness(forEver)
                        .backoff(Duration.ofMillis(10), forEver)
                        .crashLoop(5, forEver))
                .running()) {
            long first = stage.pids().get(0);
            ProcessHandle.of(first).orElseThrow().destroyForcibly();
            stage.until(ChildEvent.Ready.class, 2);
            List<Long> pids = stage.pids();
            Outcome outcome = stage.stop();
            assertThat(outcome.exitStatus()).isZero();
            assertThat(pids).isNotEmpty().noneMatch(Stage::isAlive);
            assertThat(stage.all(ChildEvent.Ended.class)).last().matches(ended -> ended.asked() && ended.status() == 0);
        }
    }

    @Test
    void whoIsKilledIsFollowedByAnotherUnderAnotherName() {
        try (Stage stage = Stage.of(Stage.script(Stage.WORK).workers(2)).running()) {
            ProcessHandle.of(stage.pids().get(0)).orElseThrow().destroyForcibly();
            stage.until(ChildEvent.Ready.class, 3);
            assertThat(stage.names()).containsExactly("worker-1.2", "worker-2.1");
            assertThat(stage.all(ChildEvent.Ended.class)).singleElement().matches(ended -> ended.status() == 137);
        }
    }

    @Test
    void whoExitsAtOnceAgainAndAgainEndsTheSupervisorWithItsLastLinesAndStatus() throws Exception {
        String script = "echo first; printf 'no \\033[31mconfiguration' >&2; exit 3";
        try (Stage stage = Stage.of(Stage.script(script).workers(2).crashLoop(3, Duration.ofSeconds(10)))) {
            Outcome outcome = stage.supervisor.await();
            assertThat(outcome.crashLoop()).isTrue();
            assertThat(outcome.exitStatus()).isEqualTo(1);
            assertThat(outcome.childStatus()).isEqualTo(3);
            assertThat(outcome.lastLines()).containsExactlyInAnyOrder("first", "no  [31mconfiguration");
            assertThat(outcome.message()).contains("status 3", "before it was ready", "3 failures");
            assertThat(stage.all(SupervisorEvent.Restarting.class)).isNotEmpty();
        }
    }

    @Test
    void anEndWithStatusZeroThatNobodyAskedForIsAFailureLikeOthers() throws Exception {
        try (Stage stage =
                Stage.of(Stage.script("echo '{\"event\":\"ready\"}'; exit 0").crashLoop(2, Duration.ofSeconds(10)))) {
            Outcome outcome = stage.supervisor.await();
            assertThat(outcome.crashLoop()).isTrue();
            assertThat(outcome.exitStatus()).isEqualTo(1);
        }
    }

    @Test
    void aProgramThatIsNotThereIsNamed() throws Exception {
        try (Stage stage = Stage.of(
                Supervisor.command(List.of("/no/such/program")).backoff(Duration.ofMillis(1), Duration.ofMillis(1)))) {
            assertThat(stage.supervisor.await().message()).contains("/no/such/program");
        }
    }

    @Test
    void whatCannotBeStartedForAnyReasonIsTriedAgainAndGivenUp() throws Exception {
        try (Stage stage = Stage.of(Stage.script(Stage.WORK)
                .environment("NO=NAME", "of a variable")
                .crashLoop(2, Duration.ofSeconds(10)))) {
            Outcome outcome = stage.supervisor.await();
            assertThat(outcome.crashLoop()).isTrue();
            assertThat(outcome.message()).contains("2 failures in a row", "cannot be started", "NO=NAME");
        }
    }

    @Test
    void anErrorOfTheRuntimeEndsTheSupervisorWithAllProcesses() throws Exception {
        Path pidFile = folder.resolve("pid");
        try (Stage stage =
                Stage.of(Stage.script(Stage.WORK).workers(2).pidFile(pidFile)).running()) {
            List<Long> pids = stage.pids();
            stage.supervisor.loop.order(() -> {
                throw new StackOverflowError("for the test");
            });
            Outcome outcome = stage.supervisor.await();
            assertThat(outcome.exitStatus()).isEqualTo(1);
            assertThat(outcome.message()).contains("StackOverflowError: for the test");
            await().atMost(Stage.PATIENCE).until(() -> pids.stream().noneMatch(Stage::isAlive));
            assertThat(pidFile).doesNotExist();
        }
    }

    @Test
    void whoCleansUpTheFolderOfTemporaryFilesKeepsNobodyFromBeingReady() throws Exception {
        String script = "touch \"$COVEY_READY_FILE\"; trap 'exit 0' TERM; while :; do sleep 0.05; done";
        try (Stage stage =
                Stage.of(Stage.script("echo $COVEY_READY_FILE; " + script)).running()) {
            await().atMost(Stage.PATIENCE).until(() -> !stage.lines.isEmpty());
            Path ready = Path.of(stage.lines.get(0).substring("worker-1.1 | ".length()));
            Files.delete(ready);
            Files.delete(ready.getParent());
            ProcessHandle.of(stage.pids().get(0)).orElseThrow().destroyForcibly();
            assertThat(stage.until(ChildEvent.Ready.class, 2).child()).isEqualTo("worker-1.2");
            assertThat(Files.getPosixFilePermissions(ready.getParent())).hasSize(3);
        }
    }

    @Test
    void oneThatFailsAgainAndAgainLeavesTheOthersAtWorkAndIsTriedAgain() throws Exception {
        String script = "[ {slot} = 1 ] || [ -e " + folder.resolve("mended") + " ] || exit 4; " + Stage.WORK;
        try (Stage stage = Stage.of(Stage.script(script).workers(2).crashLoop(3, Duration.ofMillis(1)))) {
            SupervisorEvent.CrashLoop loop = stage.until(SupervisorEvent.CrashLoop.class, 1);
            assertThat(loop.stops()).isFalse();
            assertThat(loop.status()).isEqualTo(4);
            assertThat(stage.names()).contains("worker-1.1");
            Files.createFile(folder.resolve("mended"));
            stage.running();
            assertThat(stage.all(SupervisorEvent.CrashLoop.class)).hasSize(1);
        }
    }

    @Test
    void inARollingRestartEachIsDrainedOnceTheNextIsReadyAndOneAtATime() {
        try (Stage stage = Stage.of(Stage.script(Stage.WORK).workers(3)).running()) {
            int before = stage.events.size();
            stage.supervisor.rollingRestart();
            assertThat(stage.until(SupervisorEvent.RolloutDone.class, 1).workers())
                    .isEqualTo(3);
            List<String> steps = stage.events.subList(before, stage.events.size()).stream()
                    .map(event -> event.name() + " " + event.fields().getOrDefault("child", ""))
                    .toList();
            assertThat(steps)
                    .containsExactly(
                            "rollout-started ",
                            "started worker-1.2",
                            "child-ready worker-1.2",
                            "draining worker-1.1",
                            "ended worker-1.1",
                            "started worker-2.2",
                            "child-ready worker-2.2",
                            "draining worker-2.1",
                            "ended worker-2.1",
                            "started worker-3.2",
                            "child-ready worker-3.2",
                            "draining worker-3.1",
                            "ended worker-3.1",
                            "rollout-done ");
        }
    }

    @Test
    @Tag("long")
    void aNewOneThatNeverBecomesReadyStopsTheRolloutAndTheOldOnesWorkOn() throws Exception {
        Path broken = folder.resolve("broken");
        String script = "[ -e " + broken + " ] && { echo waits; exec sleep 1000; }; " + Stage.WORK;
        try (Stage stage = Stage.of(Stage.script(script).workers(2).startLimit(Duration.ofSeconds(30)))
                .running()) {
            List<Long> pids = stage.pids();
            Files.createFile(broken);
            stage.supervisor.rollingRestart();
            SupervisorEvent.RolloutStopped stopped = stage.until(SupervisorEvent.RolloutStopped.class, 1);
            assertThat(stopped.reason()).contains("worker-1.2", "not ready after 30000 ms");
            assertThat(stopped.left()).isEqualTo(2);
            assertThat(stopped.lastLines()).containsExactly("waits");
            assertThat(stage.pids()).isEqualTo(pids).allMatch(Stage::isAlive);
            stage.until(ChildEvent.Ended.class, 1);

            Files.delete(broken);
            stage.supervisor.rollingRestart();
            stage.until(SupervisorEvent.RolloutDone.class, 1);
            assertThat(stage.names()).containsExactly("worker-1.3", "worker-2.2");
        }
    }

    @Test
    void aNewOneThatEndsStopsTheRolloutWithItsLastLines() throws Exception {
        Path broken = folder.resolve("broken");
        String script = "[ -e " + broken + " ] && { echo 'cannot work'; exit 9; }; " + Stage.WORK;
        try (Stage stage = Stage.of(Stage.script(script).workers(2)).running()) {
            List<Long> pids = stage.pids();
            Files.createFile(broken);
            stage.supervisor.rollingRestart();
            SupervisorEvent.RolloutStopped stopped = stage.until(SupervisorEvent.RolloutStopped.class, 1);
            assertThat(stopped.reason()).contains("status 9");
            assertThat(stopped.lastLines()).containsExactly("cannot work");
            assertThat(stage.pids()).isEqualTo(pids).allMatch(Stage::isAlive);
        }
    }

    @Test
    void aNewOneThatEndsSoonAfterItWasReadyStopsTheRolloutBeforeTheNextPlace() throws Exception {
        Path broken = folder.resolve("broken");
        String script = "[ -e " + broken + " ] && { echo '{\"event\":\"ready\"}'; sleep 0.2; echo bad; exit 9; }; "
                + Stage.WORK;
        try (Stage stage = Stage.of(Stage.script(script).workers(2).crashLoop(1000, Duration.ofSeconds(600)))
                .running()) {
            Files.createFile(broken);
            stage.supervisor.rollingRestart();
            SupervisorEvent.RolloutStopped stopped = stage.until(SupervisorEvent.RolloutStopped.class, 1);
            assertThat(stopped.child()).isEqualTo("worker-1.2");
            assertThat(stopped.left()).isEqualTo(1);
            assertThat(stopped.lastLines()).contains("bad");
            assertThat(stage.names()).contains("worker-2.1");
        }
    }

    @Test
    void failuresBeforeOneThatWorkedAreForgottenInARollout() {
        Duration ever = Duration.ofDays(1);
        try (Stage stage = Stage.of(Stage.script(Stage.WORK).crashLoop(5, Duration.ofMillis(1)))
                .running()) {
            Slot slot = stage.supervisor.loop.slots().get(0);
            stage.supervisor.loop.order(() -> slot.fail(System.nanoTime()));
            await().atMost(Stage.PATIENCE).until(() -> !slot.works(System.nanoTime(), ever));
            stage.supervisor.rollingRestart();
            stage.until(SupervisorEvent.RolloutDone.class, 1);
            assertThat(slot.works(System.nanoTime(), ever)).isTrue();
        }
    }

    @Test
    void thereAreMoreAndLessAndNoNameComesTwice() {
        try (Stage stage = Stage.of(Stage.script(Stage.WORK)).running()) {
            stage.supervisor.grow();
            stage.until(ChildEvent.Ready.class, 2);
            stage.supervisor.shrink();
            assertThat(stage.until(ChildEvent.Ended.class, 1).child()).isEqualTo("worker-2.1");
            stage.supervisor.grow();
            assertThat(stage.until(ChildEvent.Ready.class, 3).child()).isEqualTo("worker-2.2");
            stage.supervisor.shrink();
            stage.supervisor.shrink();
            assertThat(stage.until(SupervisorEvent.Notice.class, 1).text()).contains("one is the least");
            assertThat(stage.names()).containsExactly("worker-1.1");
        }
    }

    @Test
    void whoDoesNotDrainInTimeIsKilledAndThatIsNoCleanEnd() throws Exception {
        String script =
                "trap '' TERM; sleep 1000 & echo $!; echo '{\"event\":\"ready\"}'; while :; do sleep 0.05; done";
        try (Stage stage = Stage.of(
                        Stage.script(script).drain(Duration.ofMillis(200)).grace(Duration.ofMillis(100)))
                .running()) {
            long pid = stage.pids().get(0);
            Outcome outcome = stage.stop();
            assertThat(outcome.killed()).isEqualTo(1);
            assertThat(outcome.exitStatus()).isEqualTo(1);
            assertThat(Stage.isAlive(pid)).isFalse();
            long started = Long.parseLong(stage.lines.get(0).substring("worker-1.1 | ".length()));
            await().atMost(Stage.PATIENCE).until(() -> !Stage.isAlive(started));
        }
    }

    @Test
    void whoGivesNoSignOfLifeAnyMoreIsReplaced() {
        String script = "touch \"$COVEY_LIVE_FILE\"; "
                + Stage.WORK.replace(
                        "do sleep", "do case $COVEY_NAME in *.1) ;; *) touch \"$COVEY_LIVE_FILE\";; esac; sleep");
        try (Stage stage = Stage.of(Stage.script(script).liveness(Duration.ofSeconds(4)))) {
            ChildEvent.Draining draining = stage.until(ChildEvent.Draining.class, 1);
            assertThat(draining.cause()).isEqualTo(Cause.HUNG);
            assertThat(draining.child()).isEqualTo("worker-1.1");
            assertThat(stage.until(ChildEvent.Ready.class, 2).child()).isNotEqualTo("worker-1.1");
        }
    }

    @Test
    void whoHasTooMuchMemoryIsReplacedOrKilledIfItHasMuchMore() {
        String script = "case $COVEY_NAME in"
                + " *.1) x=$(head -c 26000000 /dev/zero | tr '\\0' a);;"
                + " *.2) trap '' TERM; x=$(head -c 90000000 /dev/zero | tr '\\0' a);;"
                + " esac; " + Stage.WORK;
        try (Stage stage =
                Stage.of(Stage.script(script).memoryLimit(24L << 20).crashLoop(10, Duration.ofSeconds(10)))) {
            ChildEvent.Draining draining = stage.until(ChildEvent.Draining.class, 1);
            assertThat(draining.cause()).isEqualTo(Cause.MEMORY);
            assertThat(draining.reason()).contains("the limit is 24 MiB");
            await().atMost(Stage.PATIENCE)
                    .until(() -> stage.all(ChildEvent.Killed.class).stream()
                            .anyMatch(killed -> killed.child().equals("worker-1.2")));
            await().atMost(Stage.PATIENCE).until(() -> stage.names().contains("worker-1.3"));
        }
    }

    @Test
    void allLinesArriveWholeUnderTheirNamesUpToTheLastOneOfAProcessThatEnds() throws Exception {
        String script =
                "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo \"{slot}:$i:0123456789\"; done; printf end; exit 1";
        try (Stage stage = Stage.of(Stage.script(script).workers(3).crashLoop(1, Duration.ofSeconds(10)))) {
            stage.supervisor.await();
            for (String child : stage.all(ChildEvent.Ended.class).stream()
                    .filter(ended -> !ended.asked())
                    .map(ChildEvent.Ended::child)
                    .toList()) {
                List<String> own = stage.lines.stream()
                        .filter(line -> line.startsWith(child + " | "))
                        .toList();
                assertThat(own).hasSize(3001).last().isEqualTo(child + " | end");
                int slot = child.charAt(child.length() - 3) - '0';
                for (int i = 1; i <= 3000; i++) {
                    assertThat(own.get(i - 1)).isEqualTo(child + " | " + slot + ":" + i + ":0123456789");
                }
            }
        }
    }

    @Test
    void whoDrainsKeepsItsStreamsToTheEnd() throws Exception {
        // A line that could be written only where somebody reads, and an input that has not ended.
        String script =
                "exec 3<&0; trap '{ read x <&3; echo input has ended; } & sleep 0.3; kill $!; echo drained; exit 0' TERM;"
                        + Stage.WORK.substring(Stage.WORK.indexOf(';') + 1);
        try (Stage stage = Stage.of(Stage.script(script)).running()) {
            stage.stop();
            assertThat(stage.lines).last().isEqualTo("worker-1.1 | drained");
            assertThat(stage.lines).noneMatch(line -> line.contains("input has ended"));
            assertThat(stage.all(ChildEvent.Ended.class)).singleElement().matches(ended -> ended.status() == 0);
        }
    }

    @Test
    void aSecondStopKillsWhatStillDrains() throws Exception {
        String script = "trap '' TERM; echo '{\"event\":\"ready\"}'; while :; do sleep 0.05; done";
        try (Stage stage =
                Stage.of(Stage.script(script).drain(Duration.ofMinutes(5))).running()) {
            stage.supervisor.stop("once");
            stage.until(ChildEvent.Draining.class, 1);
            stage.supervisor.kill("twice");
            assertThat(stage.supervisor.await().killed()).isEqualTo(1);
        }
    }

    @Test
    void nothingIsLeftInTheFolderOfTemporaryFiles() throws Exception {
        try (Stage stage = Stage.of(Stage.script(Stage.WORK).name("leftover")).running()) {
            stage.stop();
            try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
                assertThat(files)
                        .noneMatch(file -> file.getFileName().toString().startsWith("covey-leftover-"));
            }
        }
    }
}
