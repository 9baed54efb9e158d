package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.core.local.LocalBackend;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LookupsTest {
    private static final String URI = "local:lookups";
    private static final Procedure<String, String> ECHO =
            Procedure.of("echo", String.class, String.class).within(Nodes.PATIENCE);

    private static final TransportConfig PATIENT =
            new TransportConfig(URI, "covey", "resque", Nodes.PATIENCE, Nodes.PATIENCE);

    /** What looks for a row waits for it. */
    private final CompletableFuture<Void> answers = new CompletableFuture<>();

    @Test
    void callsToOwnersDoNotTakeAThreadEachWhileTheBackendIsSlow() throws Exception {
        try (Cluster node = Cluster.join(ClusterConfig.builder(URI)
                .transport(PATIENT)
                .name("slow-lookups")
                .transport(slow(LocalBackend.create().open(TransportConfig.of(URI))))
                .build())) {
            Rpc rpc = Rpc.on(node, RpcOptions.standard().withOpenCalls(400));
            rpc.serve(ECHO.nonBlocking(), (text, call) -> text);
            node.owners().hold("thing", "mine", Map.of());
            List<CompletableFuture<Reply<String>>> calls = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                calls.add(rpc.call(Target.owner("thing", "mine"), ECHO, "x"));
            }
            await().atMost(Nodes.PATIENCE).until(() -> threadsOfCalls() >= 32);
            assertThat(threadsOfCalls()).isLessThan(100);
            answers.complete(null);
            for (CompletableFuture<Reply<String>> call : calls) {
                assertThat(Nodes.get(call).value()).isEqualTo("x");
            }
        }
    }

    @Test
    void aCallThatFindsTooManyLookupsWaitingIsBusy() {
        try (Cluster node = Cluster.join(ClusterConfig.builder(URI)
                .transport(PATIENT)
                .name("full-lookups")
                .transport(slow(LocalBackend.create().open(TransportConfig.of(URI))))
                .build())) {
            Rpc rpc = Rpc.on(node, RpcOptions.standard().withOpenCalls(40));
            for (int i = 0; i < 72; i++) {
                rpc.call(Target.owner("thing", "any"), ECHO, "x").cancel(true);
            }
            assertThat(Nodes.failure(rpc.call(Target.owner("thing", "any"), ECHO, "x"), Reason.BUSY))
                    .hasMessageContaining("look for theirs");
            answers.complete(null);
        }
    }

    private static long threadsOfCalls() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("covey-slow-lookups-rpc-"))
                .count();
    }

    private Transport slow(Transport transport) {
        Directory directory = transport.directory().orElseThrow();
        Directory slow = Proxies.of(Directory.class, directory, (method, arguments, real) -> {
            return method.getName().equals("find")
                    ? answers.thenCompose(nothing -> directory.find((String) arguments[0], (String) arguments[1]))
                    : real.call();
        });
        return Proxies.with(transport, "directory", slow);
    }
}
