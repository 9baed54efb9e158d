package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardCommandTest {
    private static final String HASH = "pbkdf2-sha512:210000:AAAAAAAAAAAAAAAAAAAAAA:" + "A".repeat(43);

    @TempDir
    Path folder;

    private static Shell.Run dashboard(String... more) {
        String[] args = new String[more.length + 4];
        System.arraycopy(
                new String[] {"dashboard", "--uri=local:dashboard-command", "--without-security", "--port=0"},
                0,
                args,
                0,
                4);
        System.arraycopy(more, 0, args, 4, more.length);
        return Shell.run(args);
    }

    @Test
    void anAddressThatOthersReachIsRefusedWithoutAPasswordOfYours() {
        Shell.Run run = dashboard("--address=0.0.0.0");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("without a password that you have chosen");
    }

    @Test
    void aFileOfUsersThatIsWrongIsRefusedByItsLineAndTellsNoPassword() throws Exception {
        Path users = folder.resolve("users");
        Files.writeString(users, "# who may come in\nada operator " + HASH + "\nbob boss a-password-that-is-long\n");
        Shell.Run run = dashboard("--users-file=" + users);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("line 3").contains("viewer or operator").doesNotContain("a-password");
        Files.writeString(users, "ada operator short\n");
        assertThat(dashboard("--users-file=" + users).err()).contains("Line 1").contains("10 to 1000 characters");
        assertThat(dashboard("--users-file=" + folder.resolve("none")).status()).isEqualTo(1);
    }
}
