package io.covey.cluster.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a process is given, and what becomes of it when its supervisor is killed. */
@Timeout(240)
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks into /proc")
class ChildProcessTest {
    @TempDir
    Path folder;

    @Test
    void itHasItsThreeStreamsAndNoOtherFileOfTheSupervisor() throws Exception {
        try (LogFile log = new LogFile(folder.resolve("log"), 10_000, 1);
                // Not piped: a shell has an end of the pipe open while it starts what is behind it.
                Stage stage = Stage.of(
                                Stage.script("ls -m /proc/$$/fd; " + Stage.WORK).pidFile(folder.resolve("pid")))
                        .running()) {
            assertThat(log).isNotNull();
            assertThat(stage.lines).contains("worker-1.1 | 0, 1, 2");
        }
    }

    @Test
    void itsEnvironmentNamesItAndKeepsTheServiceManagerToTheSupervisor() {
        Map<String, String> service = Map.of("NOTIFY_SOCKET", "/none", "WATCHDOG_USEC", "1000000");
        try (Stage stage = Stage.of(Stage.script("env; " + Stage.WORK)
                        .name("mail")
                        .environment("SECRET", "of {name}")
                        .service("true", service))
                .running()) {
            assertThat(stage.lines)
                    .contains("mail-1.1 | COVEY_NAME=mail-1.1")
                    .contains("mail-1.1 | SECRET=of mail-1.1")
                    .contains("mail-1.1 | COVEY_SUPERVISOR="
                            + ProcessHandle.current().pid())
                    .anyMatch(line -> line.matches("mail-1.1 \\| COVEY_INCARNATION=mail-1.1-[0-9a-f-]{36}"))
                    .noneMatch(line -> line.contains("NOTIFY_SOCKET=") || line.contains("WATCHDOG"));
        }
    }

    @Test
    void ctrlCInATerminalReachesTheSupervisorAlone() throws IOException {
        assumeTrue(Launcher.wrapper(true, Launcher::present).contains("setsid"), "there is no setsid here");
        try (Stage stage = Stage.of(Stage.script(Stage.WORK)).running()) {
            long pid = stage.pids().get(0);
            String[] words = Files.readString(Path.of("/proc/" + pid + "/stat")).split(" ");
            assertThat(Long.parseLong(words[5])).as("its session").isEqualTo(pid);
        }
    }

    @Test
    void aForeignCommandIsKilledWithASupervisorThatIsKilled() throws Exception {
        assumeTrue(Launcher.wrapper(false, Launcher::present).contains("setpriv"), "there is no setpriv here");
        endsWithItsSupervisor("foreign", 2);
    }

    @Test
    void aJavaProcessThatWatchesItsSupervisorEndsInOrderWhenThatIsKilled() throws Exception {
        endsWithItsSupervisor("java", 1);
        await().atMost(Stage.PATIENCE).until(() -> Files.exists(folder.resolve("farewell")));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("folders of temporary files").noneMatch(file -> Files.isDirectory(file));
        }
    }

    private void endsWithItsSupervisor(String kind, int count) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-Djava.io.tmpdir=" + folder);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Victim.class.getName(), kind));
        command.add(folder.resolve("farewell").toString());
        Process supervisor = new ProcessBuilder(command)
                .redirectError(folder.resolve("log").toFile())
                .start();
        List<Long> pids = new ArrayList<>();
        try (BufferedReader lines = supervisor.inputReader()) {
            while (pids.size() < count) {
                String line = lines.readLine();
                assertThat(line)
                        .as("what it said: %s", Files.readString(folder.resolve("log")))
                        .isNotNull();
                if (line.startsWith("pid ")) {
                    pids.add(Long.parseLong(line.substring("pid ".length())));
                }
            }
            assertThat(pids).allMatch(Stage::isAlive);
        } finally {
            supervisor.destroyForcibly().waitFor();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> pids.stream().noneMatch(Stage::isAlive));
    }
}
