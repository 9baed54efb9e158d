package io.covey.cluster.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the rules are those of POSIX")
class PidFileTest {
    private static final String SELF = ProcessHandle.current().pid() + "\n";

    @TempDir
    Path folder;

    @Test
    void itHoldsTheProcessIdAndIsRemovedAtTheEnd() throws Exception {
        Path path = folder.resolve("pid");
        try (PidFile file = PidFile.take(path)) {
            assertThat(file).isNotNull();
            assertThat(Files.size(path)).isEqualTo(SELF.length());
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void whoComesSecondIsToldWhoHasIt() {
        Path path = folder.resolve("pid");
        try (PidFile first = PidFile.take(path)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> PidFile.take(path))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("runs already, as process " + SELF.strip())
                    .hasMessageContaining(path.toString());
            assertThat(path).exists();
        }
        PidFile.take(path).close();
    }

    @Test
    void oneThatIsLeftOverIsTakenWhateverIsInIt() throws Exception {
        Path path = Files.writeString(folder.resolve("pid"), "1\nand a long text that is not to stay");
        try (PidFile file = PidFile.take(path)) {
            assertThat(file).isNotNull();
            assertThat(path).hasContent(SELF);
        }
    }

    @Test
    void aSymbolicLinkIsNotFollowed() throws Exception {
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        Path link = Files.createSymbolicLink(folder.resolve("pid"), victim);
        assertThatThrownBy(() -> PidFile.take(link)).hasMessageContaining("a symbolic link, which is not followed");
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nowhere"));
        assertThatThrownBy(() -> PidFile.take(dangling)).hasMessageContaining("a symbolic link");
        assertThat(victim).hasContent("precious");
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }

    @Test
    void aFileThatHasAnotherNameIsNotWritten() throws Exception {
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        Path link = Files.createLink(folder.resolve("pid"), victim);
        assertThatThrownBy(() -> PidFile.take(link)).hasMessageContaining("another name");
        assertThat(victim).hasContent("precious");
    }

    @Test
    void neitherAFolderNorAPathThatClimbsIsTaken() throws Exception {
        assertThatThrownBy(() -> PidFile.take(Files.createDirectory(folder.resolve("pid"))))
                .hasMessageContaining("no regular file");
        assertThatThrownBy(() -> PidFile.take(folder.resolve("x/../pid")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"..\"");
        assertThatThrownBy(() -> PidFile.take(folder.resolve("none/pid")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none/pid");
    }
}
