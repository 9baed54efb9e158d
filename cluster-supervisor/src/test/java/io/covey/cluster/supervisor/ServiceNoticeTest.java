package io.covey.cluster.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no systemd")
class ServiceNoticeTest {
    @TempDir
    Path folder;

    private List<String> heard() {
        try {
            Path heard = folder.resolve("heard");
            return Files.exists(heard) ? Files.readAllLines(heard) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path program() throws IOException {
        Path program = Files.writeString(
                folder.resolve("notify"), "#!/bin/sh\necho \"$@\" >> " + folder.resolve("heard") + "\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void oneThatFailsAgainAndAgainDoesNotKeepTheServiceFromBeingReady() throws Exception {
        SupervisorBuilder builder = Stage.script("[ {slot} = 1 ] || exit 4; " + Stage.WORK)
                .workers(2)
                .crashLoop(3, Duration.ofMillis(1))
                .service(program().toString(), Map.of("NOTIFY_SOCKET", "/some/socket"));
        try (Stage stage = Stage.of(builder)) {
            stage.until(SupervisorEvent.CrashLoop.class, 1);
            await().atMost(Stage.PATIENCE).until(() -> heard().contains("READY=1 STATUS=1 of 2 processes work"));
        }
    }

    @Test
    void theServiceManagerHearsOfReadinessReloadsItsWatchdogAndTheEnd() throws Exception {
        SupervisorBuilder builder = Stage.script(Stage.WORK)
                .service(program().toString(), Map.of("NOTIFY_SOCKET", "/some/socket", "WATCHDOG_USEC", "200000"));
        try (Stage stage = Stage.of(builder).running()) {
            await().atMost(Stage.PATIENCE).until(() -> heard().contains("WATCHDOG=1"));
            await().atMost(Stage.PATIENCE).until(() -> heard().contains("READY=1 STATUS=1 processes work"));
            stage.supervisor.rollingRestart();
            stage.until(SupervisorEvent.RolloutDone.class, 1);
            stage.stop();
        }
        List<String> states = heard().stream()
                .filter(line -> !line.equals("WATCHDOG=1"))
                .map(line -> line.replaceAll(" .*", ""))
                .toList();
        assertThat(states).containsExactly("READY=1", "RELOADING=1", "READY=1", "STOPPING=1");
        assertThat(heard())
                .anyMatch(line -> line.matches("RELOADING=1 MONOTONIC_USEC=[0-9]+"))
                .anyMatch(line -> line.startsWith("READY=1 STATUS=Rolling restart done: 1 processes replaced"));
    }

    @Test
    void aWatchdogOfAnotherProcessIsNotServed() {
        assertThat(ServiceNotice.watchdog(Map.of("WATCHDOG_USEC", "3000000")))
                .isEqualTo(Duration.ofMillis(1500).toNanos());
        assertThat(ServiceNotice.watchdog(Map.of("WATCHDOG_USEC", "3000000", "WATCHDOG_PID", "1")))
                .isZero();
        assertThat(ServiceNotice.watchdog(Map.of("WATCHDOG_USEC", "soon"))).isZero();
        assertThat(ServiceNotice.watchdog(Map.of())).isZero();
    }
}
