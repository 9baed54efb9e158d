package io.covey.cluster.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the rules are those of POSIX")
class LogFileTest {
    @TempDir
    Path folder;

    @Test
    void fullOnesMakeRoomBetweenLinesAndSoManyStay() throws Exception {
        Path path = folder.resolve("log");
        try (LogFile file = new LogFile(path, 1000, 2)) {
            LogSink sink = LogSink.to(file, file);
            for (int i = 0; i < 5; i++) {
                byte[] line = new byte[900];
                Arrays.fill(line, (byte) ('a' + i));
                sink.line("worker-1.1", i % 2 == 0, line);
            }
        }
        assertThat(path).content().startsWith("worker-1.1 | e").endsWith("e\n").hasSize(914);
        assertThat(folder.resolve("log.1")).content().startsWith("worker-1.1 | d");
        assertThat(folder.resolve("log.2")).content().startsWith("worker-1.1 | c");
        assertThat(folder.resolve("log.3")).doesNotExist();
    }

    @Test
    void whereItCannotBeOpenedAgainNoFullOneIsLost() throws Exception {
        Path path = folder.resolve("some").resolve("log");
        Path full = Files.createDirectory(path.getParent()).resolve("log.1");
        byte[] line = new byte[900];
        try (LogFile file = new LogFile(path, 1000, 2)) {
            file.write(line);
            Files.delete(path);
            Files.delete(path.getParent());
            assertThatThrownBy(() -> file.write(line)).isInstanceOf(IOException.class);
            Files.createDirectories(path);
            Files.writeString(full, "one");
            Files.writeString(path.resolveSibling("log.2"), "two");
            assertThatThrownBy(() -> file.write(line)).hasMessageContaining("no regular file");
            assertThat(full).hasContent("one");
            assertThat(path.resolveSibling("log.2")).hasContent("two");
            Files.delete(path);
            file.write(line);
        }
        assertThat(path).hasSize(900);
    }

    @Test
    void whatIsInItStays() throws Exception {
        Path path = Files.writeString(folder.resolve("log"), "before\n");
        try (LogFile file = new LogFile(path, 1000, 0)) {
            file.write("after\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(path).hasContent("before\nafter\n");
    }

    @Test
    void noLinkIsFollowedNorMovedOnto() throws Exception {
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        Path link = Files.createSymbolicLink(folder.resolve("log"), victim);
        assertThatThrownBy(() -> new LogFile(link, 1000, 1)).hasMessageContaining("a symbolic link");
        Files.createSymbolicLink(folder.resolve("other.1"), victim);
        try (LogFile file = new LogFile(folder.resolve("other"), 1000, 1)) {
            file.write(new byte[900]);
            file.write(new byte[900]);
        }
        assertThat(victim).hasContent("precious");
        assertThat(Files.isSymbolicLink(folder.resolve("other.1"))).isFalse();
    }

    @Test
    void aPathThatClimbsIsRefused() {
        assertThatThrownBy(() -> new LogFile(folder.resolve("../log"), 1000, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"..\"");
    }
}
