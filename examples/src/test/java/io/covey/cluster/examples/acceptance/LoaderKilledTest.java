package io.covey.cluster.examples.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Loading;
import io.covey.cluster.examples.Jvm;
import io.covey.cluster.examples.OnBothDrivers;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** A process that is killed while it loads for the cluster leaves the load to another. */
@Tag("long")
@Timeout(180)
final class LoaderKilledTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @OnBothDrivers
    void anotherNodeLoadsWhenTheLeaseOfTheKilledIsOver(String scheme) throws Exception {
        try (Backend backend = new Backend(scheme)) {
            ClusterConfig.Builder config = backend.config("survivor").beat(KilledLoader.BEAT);
            Cluster node = backend.join(config);
            Process victim = Jvm.process(
                            KilledLoader.class,
                            backend.uri(),
                            config.build().transport().namespace())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                await().atMost(PATIENCE)
                        .until(() -> node.cache("begun", String.class).get("a").isPresent());
            } finally {
                victim.destroyForcibly();
            }
            victim.waitFor();
            Loading<String> loading = Loading.<String>of(Duration.ofHours(1), key -> Optional.of("survivor"))
                    .acrossCluster()
                    .timeout(PATIENCE);
            assertThat(node.cache("texts", String.class).get("a", loading)).contains("survivor");
        }
    }
}
