package io.covey.cluster.redis.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.TlsSuite;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
final class LettuceTlsSuiteTest {
    @TempDir
    Path directory;

    @Test
    void theContractsHoldOverTlsForAUserWithFewRights() {
        int passed =
                TlsSuite.run(directory, LettuceStoresTest.class, LettuceTasksTest.class, LettuceTaskFeaturesTest.class);
        assertThat(passed).isGreaterThan(100);
    }
}
