package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.rpc.RpcException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The nodes of a test, in one process. */
final class Nodes implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String uri = "local:" + UUID.randomUUID();
    private final List<Cluster> all = new ArrayList<>();

    /** One whose RPC is not open. */
    Cluster bare(String name) {
        Cluster node = Cluster.join(ClusterConfig.builder(uri)
                .name(name)
                .beat(Duration.ofMillis(300))
                .build());
        all.add(node);
        all.forEach(each -> Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> each.members().refresh().size() == all.size()));
        return node;
    }

    Cluster join(String name, RpcOptions options) {
        Cluster node = bare(name);
        Rpc.on(node, options);
        return node;
    }

    Cluster join(String name) {
        return join(name, RpcOptions.standard());
    }

    static Target at(Cluster node) {
        return Target.node(node.self().id());
    }

    static <T> T get(CompletableFuture<T> call) throws Exception {
        return call.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    static RpcException failure(CompletableFuture<?> call, Reason reason) {
        List<RpcException> seen = new ArrayList<>();
        assertThatThrownBy(() -> get(call))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(RpcException.class, seen::add);
        assertThat(seen.get(0).reason()).isEqualTo(reason);
        return seen.get(0);
    }

    @Override
    public void close() {
        all.forEach(node -> node.close(Duration.ofMillis(100)));
    }
}
