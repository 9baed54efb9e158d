package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogContextTest {
    private static final Procedure<String, String> ECHO = Procedure.of("echo", String.class, String.class);
    private static final Procedure<String, String> PING =
            Procedure.of("quick", String.class, String.class).nonBlocking();

    private final KeptLogContext kept = new KeptLogContext();
    private final Nodes nodes = new Nodes();
    private final ConcurrentLinkedQueue<Map<String, String>> seen = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        nodes.close();
        kept.close();
    }

    @Test
    void aHandlerLogsWithItsCall() throws Exception {
        Cluster callee = nodes.join("callee");
        Cluster caller = nodes.join("caller");
        Rpc rpc = Rpc.on(callee);
        RpcHandler<String, String> handler = (text, call) -> {
            assertThat(MDC.get("callId")).isEqualTo(call.id());
            seen.add(MDC.getCopyOfContextMap());
            return text;
        };
        rpc.serve(ECHO, handler);
        rpc.serve(PING, handler);
        for (Procedure<String, String> procedure : List.of(ECHO, PING)) {
            Nodes.get(Rpc.on(caller).call(Nodes.at(callee), procedure, "x"));
            Map<String, String> context = seen.remove();
            assertThat(context)
                    .containsEntry("procedure", procedure.name())
                    .containsEntry("caller", caller.self().id())
                    .containsOnlyKeys("procedure", "callId", "caller");
            assertThat(UUID.fromString(context.get("callId"))).isNotNull();
        }
    }
}
