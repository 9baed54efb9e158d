package io.covey.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecurityTest {
    private static final String ONE = "4f1c7e90b2aa48d3";
    private static final String TWO = "9d05e3b6c1f74a82";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "fifteen-bytes-x",
                "change-me",
                "change-me-change-me",
                "my-server-token!",
                "CHANGEME_CHANGEME",
                "secret0123456789",
                "password password",
                "aaaaaaaaaaaaaaaaaaaaaaaa",
                "abababababababab"
            })
    void aTokenThatIsWeakIsRefusedWithTheNameOfTheSettingAndNotTold(String token) {
        assertThatThrownBy(() -> Secret.of(token))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("COVEY_TOKEN")
                .satisfies(e -> {
                    if (!token.isEmpty()) {
                        assertThat(e.getMessage()).doesNotContain(token);
                    }
                });
    }

    @Test
    void aFileHoldsTheTokenThatSignsAndOthersThatAreAccepted() throws IOException {
        Path file = write("# since november\n", "\n", ONE + "\r\n", "  " + TWO + "  \n", ONE);
        ClusterConfig config = ClusterConfig.builder("local:").tokenFile(file).build();
        assertThat(config.security().tokens()).containsExactly(Secret.of(ONE), Secret.of(TWO));
        assertThat(config.security().file()).contains(new TokenFile(file));
        assertThat(config.toString()).doesNotContain(ONE).doesNotContain(TWO);
    }

    @Test
    void aFileThatCannotBeUsedIsRefusedWhenTheSettingsAreBuilt() throws IOException {
        assertThatThrownBy(() -> built(folder.resolve("none")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none");
        assertThatThrownBy(() -> built(write("# nothing\n\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("COVEY_TOKEN_FILE");
        assertThatThrownBy(() -> built(write(ONE + "\n", "weak-canary")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2 of " + folder.resolve("tokens"))
                .message()
                .doesNotContain("canary")
                .doesNotContain("\n");
        assertThatThrownBy(() -> built(write(("#" + "x".repeat(1 << 10) + "\n").repeat(65))))
                .hasMessageContaining("65536 bytes");
        String[] many = IntStream.range(0, 17).mapToObj(i -> ONE + i + "\n").toArray(String[]::new);
        assertThatThrownBy(() -> built(write(many))).hasMessageContaining("At most 16 server tokens");
    }

    @Test
    void theLastWordOnSecurityHolds() throws IOException {
        ClusterConfig.Builder builder = ClusterConfig.builder("local:").tokenFile(folder.resolve("none"));
        assertThat(builder.token(Secret.of(TWO), Secret.of(ONE))
                        .build()
                        .security()
                        .tokens())
                .containsExactly(Secret.of(TWO), Secret.of(ONE));
        Security off = builder.withoutSecurity().build().security();
        assertThat(off.off()).isTrue();
        assertThat(off.tokens()).isEmpty();
        assertThat(builder.tokenFile(write(ONE)).build().security().off()).isFalse();
    }

    @Test
    void theSecuredNamespaceGrowsButNeverLosesTheChannelsOfTheCluster() {
        ClusterConfig config = ClusterConfig.builder("local:").secured("/admin").build();
        assertThat(config.security().namespaces()).containsExactlyInAnyOrder("/cluster", "/admin");
        assertThat(Security.none().namespaces()).containsExactly("/cluster");
        for (String wrong : List.of("admin", "/", "/admin/", "/a/*", "/a/**", "/a/../b", "")) {
            assertThatThrownBy(() -> ClusterConfig.builder("local:").secured(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static ClusterConfig built(Path file) {
        return ClusterConfig.builder("local:").tokenFile(file).build();
    }

    private Path write(String... lines) throws IOException {
        return Files.writeString(folder.resolve("tokens"), String.join("", lines));
    }
}
