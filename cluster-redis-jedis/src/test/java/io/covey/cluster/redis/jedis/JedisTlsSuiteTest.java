package io.covey.cluster.redis.jedis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.TlsSuite;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
final class JedisTlsSuiteTest {
    @TempDir
    Path directory;

    @Test
    void theContractsHoldOverTlsForAUserWithFewRights() {
        int passed = TlsSuite.run(directory, JedisStoresTest.class, JedisTasksTest.class, JedisTaskFeaturesTest.class);
        assertThat(passed).isGreaterThan(100);
    }
}
