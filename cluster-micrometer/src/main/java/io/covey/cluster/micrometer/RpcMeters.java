package io.covey.cluster.micrometer;

import io.covey.cluster.rpc.CallContext;
import io.covey.cluster.rpc.RpcMiddleware;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Times calls, in one registry. */
final class RpcMeters implements RpcMiddleware {
    private final MeterRegistry registry;
    private final Capped procedures = new Capped();
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    private record Key(String name, String procedure, String outcome) {}

    RpcMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public <T> CompletableFuture<T> call(OutgoingCall call, Function<Map<String, String>, CompletableFuture<T>> rest) {
        long began = System.nanoTime();
        CompletableFuture<T> made = rest.apply(call.headers());
        made.whenComplete((done, thrown) ->
                record("covey.rpc.client", call.procedure(), CallOutcome.of(done, thrown), System.nanoTime() - began));
        return made;
    }

    @Override
    public <R> CompletionStage<R> serve(CallContext call, Rest<R> rest) throws Exception {
        long began = System.nanoTime();
        CompletionStage<R> result;
        try {
            result = rest.run();
        } catch (Throwable thrown) {
            record("covey.rpc.server", call.procedure(), "failed", System.nanoTime() - began);
            throw thrown;
        }
        result.whenComplete((done, thrown) -> record(
                "covey.rpc.server",
                call.procedure(),
                call.isCancelled() ? "cancelled" : thrown == null ? "ok" : "failed",
                System.nanoTime() - began));
        return result;
    }

    private void record(String name, String procedure, String outcome, long nanos) {
        timers.computeIfAbsent(new Key(name, procedures.of(procedure), outcome), this::make)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer make(Key key) {
        return Timer.builder(key.name)
                .tags("procedure", key.procedure, "outcome", key.outcome)
                .description(
                        key.name.endsWith("client")
                                ? "How long calls of this node took until their end"
                                : "How long handlers of this node took to answer")
                .register(registry);
    }
}
