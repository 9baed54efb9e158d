package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
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

    @Test
    void layersSeeCallsAtBothEndsTheFirstOutsideAndHeadersOfAllArrive() throws Exception {
        Cluster callee = nodes.join("callee");
        Cluster caller = nodes.join("caller");
        ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
        Rpc calls = Rpc.on(caller);
        calls.around(new Layer("outer", order));
        Registration inner = calls.around(new Layer("inner", order));
        Rpc served = Rpc.on(callee);
        served.around(new Layer("served", order));
        served.serve(
                ECHO,
                (text, call) ->
                        text + call.headers().get("outer") + call.headers().get("inner"));
        assertThat(Nodes.get(calls.withHeaders(Map.of("own", "1")).call(Nodes.at(callee), ECHO, "x"))
                        .value())
                .isEqualTo("xyesyes");
        assertThat(order).containsExactly("call outer 1", "call inner 2", "serve served 3");
        inner.close();
        order.clear();
        Nodes.get(calls.call(Nodes.at(callee), ECHO, "x"));
        assertThat(order).containsExactly("call outer 0", "serve served 1");
    }

    @Test
    void ofTwoEqualLayersTheOneThatIsClosedGoesOnceHoweverOftenItIsClosed() throws Exception {
        Cluster node = nodes.join("node");
        ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
        Rpc rpc = Rpc.on(node);
        rpc.serve(ECHO, (text, call) -> text);
        rpc.around(new Layer("same", order));
        rpc.around(new Layer("between", order));
        Registration second = rpc.around(new Layer("same", order));
        second.close();
        second.close();
        Nodes.get(rpc.call(Nodes.at(node), ECHO, "x"));
        assertThat(order).containsExactly("call same 0", "call between 1", "serve same 2", "serve between 2");
    }

    private record Layer(String name, ConcurrentLinkedQueue<String> order) implements RpcMiddleware {

        @Override
        public <T> CompletableFuture<T> call(
                OutgoingCall call, Function<Map<String, String>, CompletableFuture<T>> rest) {
            order.add("call " + name + " " + call.headers().size());
            Map<String, String> more = new HashMap<>(call.headers());
            more.put(name, "yes");
            return rest.apply(more);
        }

        @Override
        public <R> CompletionStage<R> serve(CallContext call, Rest<R> rest) throws Exception {
            order.add("serve " + name + " " + call.headers().size());
            return rest.run();
        }
    }
}
