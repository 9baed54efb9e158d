package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.cli.Shell.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(600)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no such signals")
class StartCommandTest {
    private static final String WORK = "trap 'exit 0' TERM; while :; do sleep 0.05; done";

    @TempDir
    Path folder;

    @Test
    void signalsHaveMoreProcessesAndLessAndOthersAndNone() throws Exception {
        Path pid = folder.resolve("pid");
        try (StartedCommand start = StartedCommand.of(
                folder.resolve("log"),
                Map.of("COVEY_WORKERS", "2"),
                "--ready=200ms",
                "--pid-file=" + pid,
                "--",
                "sh",
                "-c",
                WORK)) {
            assertThat(start.until("ready", 1).path("pid").asLong()).isEqualTo(start.pid());
            assertThat(pid).hasContent(start.pid() + "\n");
            Run second = Shell.run("start", "--pid-file=" + pid, "--", "true");
            assertThat(second.status()).isEqualTo(1);
            assertThat(second.err()).contains("as process " + start.pid(), pid.toString());

            start.signal("TTIN");
            assertThat(start.until("child-ready", 3).path("child").asString()).isEqualTo("worker-3.1");
            start.signal("TTOU");
            assertThat(start.until("ended", 1).path("child").asString()).isEqualTo("worker-3.1");
            start.signalRestart();
            assertThat(start.until("rollout-done", 1).path("workers").asInt()).isEqualTo(2);
            start.signal("USR2");
            start.until("rollout-done", 2);
            assertThat(start.children())
                    .extracting(StartedCommand.Child::name)
                    .containsExactly("worker-1.3", "worker-2.3");

            // As somebody does who signals a process and its group, which includes it.
            start.signal("INT");
            start.signal("INT");
            assertThat(start.status()).isZero();
            assertThat(start.children()).isEmpty();
            assertThat(start.events("killed")).isEmpty();
            assertThat(pid).doesNotExist();
        }
    }

    @Test
    void aCommandThatExitsAtOnceEndsItWithItsStatusAndItsLastLines() throws Exception {
        try (StartedCommand start = StartedCommand.of(
                folder.resolve("log"), Map.of(), "--crash-limit=3", "--", "sh", "-c", "echo no database; exit 7")) {
            JsonNode loop = start.until("crash-loop", 1);
            assertThat(loop.path("status").asInt()).isEqualTo(7);
            assertThat(loop.path("lastLines").toString()).isEqualTo("[\"no database\"]");
            assertThat(start.status()).isEqualTo(1);
            assertThat(start.log())
                    .contains("worker-1.1 | no database\n")
                    .contains("cluster start: Gave up after 3 failures in a row: ")
                    .contains("ended with status 7")
                    .contains("\n  | no database\n");
        }
    }

    @Test
    void linesOfTheProcessesGoToALogFileOnlyIfItsPathIsPlain() throws Exception {
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        Path link = Files.createSymbolicLink(folder.resolve("link"), victim);
        for (List<String> bad : List.of(
                List.of("--log-file=" + folder.resolve("x/../log"), "\"..\""),
                List.of("--log-file=" + link, "symbolic link"),
                List.of("--pid-file=" + folder.resolve("../pid"), "\"..\""),
                List.of("--pid-file=" + link, "symbolic link"))) {
            Run run = Shell.run("start", bad.get(0), "--", "true");
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err().lines()).singleElement().asString().contains(bad.get(1));
        }
        assertThat(victim).hasContent("precious");
    }

    @Test
    void optionsOfTheWorkersMayHaveWhatIsReplacedInThem() throws Exception {
        try (StartedCommand start = StartedCommand.of(
                folder.resolve("log"),
                Map.of(),
                "--workers=1",
                "--crash-limit=1",
                "--uri=redis://127.0.0.1:1",
                "--metrics-port={port}")) {
            assertThat(start.status()).isEqualTo(1);
            assertThat(start.log()).contains("worker-1.1 | cluster worker: ").contains("127.0.0.1:1");
        }
    }

    @Test
    void wrongUsageIsSaidBeforeAnythingIsStarted() {
        assertThat(Shell.run("start", "--wrokers=2").err()).contains("--wrokers");
        assertThat(Shell.run("start", "--lease=5parsecs").err()).contains("5parsecs");
        assertThat(Shell.run("start", "--").err()).contains("no command after --");
        assertThat(Shell.run("start", "--handlers=A", "--", "true").err()).contains("--handlers");
        assertThat(Shell.run("start", "--max-memory=lots", "--", "true").err()).contains("lots");
        for (String ready : List.of("soon", "ftp://x/")) {
            Run run = Shell.run("start", "--ready=" + ready, "--", "true");
            assertThat(run.status()).isBetween(1, 2);
            assertThat(run.err()).contains(ready);
        }
        Run drain = Shell.run("start", "--drain=2h");
        assertThat(drain.status()).isEqualTo(2);
        assertThat(drain.err()).contains("--drain is at most 1h", "7200000ms");
        for (String wrong : List.of("--workers=0", "--workers=many", "--name=../x", "--crash-limit=0")) {
            assertThat(Shell.run("start", wrong, "--", "true").status())
                    .as(wrong)
                    .isBetween(1, 2);
        }
        assertThat(Shell.run("start", "--help").out()).contains("SIGTTIN", "--ready", "--max-memory");
    }
}
