package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.ClusterException;
import io.covey.cluster.core.local.LocalBackend;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.spi.TransportProvider;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProvidersTest {
    private final LocalBackend backend = LocalBackend.create();

    @Test
    void theOneProviderOfASchemeIsUsed() {
        try (Cluster node = join("redis://x", provider("a:jedis", "redis+jedis", "redis"))) {
            assertThat(node.members().list()).containsExactly(node.self());
        }
    }

    @Test
    void twoProvidersOfOneSchemeAreRefusedByNamingTheirOwn() {
        assertThatThrownBy(() -> join(
                        "redis://x",
                        provider("io.covey:cluster-redis-jedis", "redis+jedis", "redis"),
                        provider("io.covey:cluster-redis-lettuce", "redis+lettuce", "redis")))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("redis+jedis://")
                .hasMessageContaining("redis+lettuce://")
                .hasMessageContaining("io.covey:cluster-redis-jedis")
                .hasMessageContaining("io.covey:cluster-redis-lettuce");
    }

    @Test
    void theOwnSchemeNamedIsThatOfTheSameKind() {
        assertThatThrownBy(() -> join(
                        "rediss://x",
                        provider("a:jedis", "redis+jedis", "rediss+jedis", "rediss"),
                        provider("a:lettuce", "redis+lettuce", "rediss+lettuce", "rediss")))
                .hasMessageContaining("rediss+jedis://")
                .hasMessageContaining("rediss+lettuce://");
    }

    @Test
    void aRedisUriWithoutADriverNamesTheArtifactsToAdd() {
        assertThatThrownBy(() -> join("redis://user:hunter2@x"))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("io.covey:cluster-redis-jedis")
                .hasMessageContaining("io.covey:cluster-redis-lettuce")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void anUnknownSchemeListsThoseKnown() {
        assertThatThrownBy(() -> join("nats://x", provider("a:b", "redis+jedis", "redis"), provider("a:c", "local")))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("local, redis, redis+jedis");
    }

    @Test
    void theLocalTransportIsFoundByItself() {
        try (Cluster one = Cluster.join("local:found");
                Cluster two = Cluster.join("local:found")) {
            assertThat(two.members().refresh()).containsExactlyInAnyOrder(one.self(), two.self());
        }
    }

    private Cluster join(String uri, TransportProvider... providers) {
        return new CoreNodeProvider(() -> List.of(providers)).join(ClusterConfig.of(uri));
    }

    private TransportProvider provider(String artifact, String... schemes) {
        return new TransportProvider() {
            @Override
            public String artifact() {
                return artifact;
            }

            @Override
            public Set<String> schemes() {
                return new LinkedHashSet<>(Arrays.asList(schemes));
            }

            @Override
            public Transport open(TransportConfig config) {
                return backend.open(config);
            }
        };
    }
}
