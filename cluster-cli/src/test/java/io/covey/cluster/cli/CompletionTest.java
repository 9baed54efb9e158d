package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
    @TempDir
    Path folder;

    /** What a real bash makes of a line whose last word was begun. */
    private String completed(String... words) throws IOException, InterruptedException {
        Path script = Files.writeString(
                folder.resolve("cluster.bash"), Shell.run("completion", "bash").out());
        String line = "source " + script + "; COMP_WORDS=(" + String.join(" ", words) + "); COMP_CWORD="
                + (words.length - 1)
                + "; COMP_LINE=\"" + String.join(" ", words) + "\"; COMP_POINT=${#COMP_LINE}; _complete_cluster; "
                + "echo \"${COMPREPLY[@]}\"";
        try {
            Process bash = new ProcessBuilder("bash", "--norc", "-c", line)
                    .redirectError(ProcessBuilder.Redirect.DISCARD) // compopt knows that nobody types
                    .start();
            String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return said.strip();
        } catch (IOException e) {
            System.out.println("Skipped completion: there is no bash");
            return abort("there is no bash: " + e.getMessage());
        }
    }

    @Test
    void bashCompletesCommandsTheirCommandsOptionsAndWhatTheyMayBe() throws Exception {
        assertThat(completed("cluster", "que")).isEqualTo("queues");
        assertThat(completed("cluster", "failed", "")).contains("list", "groups", "retry", "drop");
        assertThat(completed("cluster", "tasks", "--li")).isEqualTo("--limit");
        assertThat(completed("cluster", "tasks", "--state", "wai")).isEqualTo("waiting");
        assertThat(completed("cluster", "locks", "release", "--ow")).isEqualTo("--owner");
    }

    @Test
    void zshIsGivenTheSame() {
        assertThat(Shell.run("completion", "zsh").out())
                .isEqualTo(Shell.run("completion", "bash").out())
                .contains("bashcompinit");
        assertThat(List.of(
                        Shell.run("completion").status(),
                        Shell.run("completion", "ksh").status()))
                .containsOnly(2);
    }
}
