package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.tck.NodeContract;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link RpcMiddleware} promises, whatever the messages travel by. */
public abstract class LayersContract extends NodeContract {
    private static final Procedure<String, String> ECHO =
            Procedure.of("echo", String.class, String.class).within(PATIENCE);
    private static final Procedure<String, String> QUICK =
            Procedure.of("quick", String.class, String.class).within(PATIENCE).nonBlocking();

    private final ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
    private Rpc calls;
    private Rpc served;
    private Target target;

    @BeforeEach
    final void joinNodes() {
        Cluster caller = join("caller");
        Cluster callee = join("callee");
        calls = Rpc.on(caller);
        served = Rpc.on(callee);
        target = Target.node(callee.self().id());
    }

    private record Layer(String name, ConcurrentLinkedQueue<String> order) implements RpcMiddleware {

        @Override
        public <T> CompletableFuture<T> call(
                OutgoingCall call, Function<Map<String, String>, CompletableFuture<T>> rest) {
            order.add("call " + name + " " + call.headers().size());
            Map<String, String> more = new HashMap<>(call.headers());
            more.put(name, "of " + name);
            return rest.apply(more);
        }

        @Override
        public <R> CompletionStage<R> serve(CallContext call, Rest<R> rest) throws Exception {
            order.add("serve " + name + " " + call.headers().size());
            return rest.run();
        }
    }

    private static <T> T get(CompletableFuture<T> call) throws Exception {
        return call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    final void layersSeeCallsAtBothEndsTheFirstOutsideAndHeadersOfAllArrive() throws Exception {
        calls.around(new Layer("outer", order));
        Registration inner = calls.around(new Layer("inner", order));
        served.around(new Layer("first", order));
        served.around(new Layer("second", order));
        RpcHandler<String, String> handler = (text, call) ->
                text + call.headers().get("outer") + call.headers().get("inner");
        served.serve(ECHO, handler);
        served.serve(QUICK, handler);
        for (Procedure<String, String> procedure : List.of(ECHO, QUICK)) {
            assertThat(get(calls.withHeaders(Map.of("own", "1")).call(target, procedure, "x"))
                            .value())
                    .isEqualTo("xof outerof inner");
            assertThat(order).containsExactly("call outer 1", "call inner 2", "serve first 3", "serve second 3");
            order.clear();
        }
        inner.close();
        get(calls.call(target, ECHO, "x"));
        assertThat(order).containsExactly("call outer 0", "serve first 1", "serve second 1");
    }

    @Test
    final void headersReachAllWhoAreCalled() throws Exception {
        calls.around(new Layer("trace", order));
        for (Rpc rpc : List.of(calls, served)) {
            rpc.serve(ECHO, (text, call) -> text + call.headers());
        }
        assertThat(get(calls.callAll(ECHO, "x")).answers().values())
                .hasSize(2)
                .allSatisfy(reply -> assertThat(reply.toString()).contains("x{trace=of trace}"));
    }

    @Test
    final void whatALayerThrowsReachesTheCallerAndNothingIsSent() throws Exception {
        AtomicBoolean asked = new AtomicBoolean();
        served.serve(ECHO, (text, call) -> {
            asked.set(true);
            return text;
        });
        Registration strict = calls.around(new RpcMiddleware() {
            @Override
            public <T> CompletableFuture<T> call(
                    OutgoingCall call, Function<Map<String, String>, CompletableFuture<T>> rest) {
                throw new IllegalStateException("on purpose");
            }
        });
        assertThatThrownBy(() -> calls.call(target, ECHO, "x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("on purpose");
        strict.close();
        Registration wordy = calls.around(new Layer("x".repeat(5000), order));
        assertThatThrownBy(() -> calls.call(target, ECHO, "x")).hasMessageContaining("at most 16 headers");
        wordy.close();
        assertThat(asked).isFalse();
        assertThat(get(calls.call(target, ECHO, "x")).value()).isEqualTo("x");
    }

    @Test
    final void aLayerThatThrowsWhereACallIsAnsweredFailsItAsItsHandlerWouldAndTheNextRuns() throws Exception {
        AtomicBoolean asked = new AtomicBoolean();
        RpcHandler<String, String> handler = (text, call) -> {
            asked.set(true);
            return text;
        };
        served.serve(ECHO, handler);
        served.serve(QUICK, handler);
        Registration strict = served.around(new RpcMiddleware() {
            @Override
            public <R> CompletionStage<R> serve(CallContext call, Rest<R> rest) {
                throw new IllegalStateException("on purpose");
            }
        });
        for (Procedure<String, String> procedure : List.of(ECHO, QUICK)) {
            RpcContract.fails(() -> get(calls.call(target, procedure, "x")), Reason.FAILED);
            assertThatThrownBy(() -> get(calls.call(target, procedure, "x"))).hasMessageContaining("on purpose");
        }
        assertThat(asked).isFalse();
        strict.close();
        assertThat(get(calls.call(target, QUICK, "x")).value()).isEqualTo("x");
    }

    @Test
    final void ofTwoEqualLayersTheOneThatIsClosedGoesOnceHoweverOftenItIsClosed() throws Exception {
        served.serve(ECHO, (text, call) -> text);
        served.around(new Layer("same", order));
        served.around(new Layer("between", order));
        Registration second = served.around(new Layer("same", order));
        second.close();
        second.close();
        get(calls.call(target, ECHO, "x"));
        assertThat(order).containsExactly("serve same 0", "serve between 0");
    }
}
