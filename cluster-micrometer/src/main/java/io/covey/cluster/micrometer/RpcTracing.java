package io.covey.cluster.micrometer;

import io.covey.cluster.rpc.CallContext;
import io.covey.cluster.rpc.RpcMiddleware;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Observations of a node's calls: {@code covey.rpc.call} around each it makes, {@code covey.rpc.serve} around each it
 * answers, which is a child of the former: what the tracer puts into headers, such as {@code traceparent}, travels with the
 * call.
 *
 * <pre>{@code
 * rpc.around(new RpcTracing(observations));
 * }</pre>
 */
public final class RpcTracing implements RpcMiddleware {
    private static final KeyValue SYSTEM = KeyValue.of("rpc.system", "covey");

    private final ObservationRegistry registry;
    private final Capped procedures = new Capped();

    /**
     * Observes nothing yet.
     *
     * @param registry where observations go
     */
    public RpcTracing(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public <T> CompletableFuture<T> call(OutgoingCall call, Function<Map<String, String>, CompletableFuture<T>> rest) {
        if (registry.isNoop()) {
            return rest.apply(call.headers());
        }
        RpcCallContext context = new RpcCallContext(call);
        Observation observation = Observation.createNotStarted("covey.rpc.call", () -> context, registry)
                .contextualName(call.procedure())
                .lowCardinalityKeyValues(common(call.procedure()))
                .start();
        CompletableFuture<T> made;
        Observation.Scope scope = observation.openScope();
        try {
            made = rest.apply(context.headers());
        } catch (RuntimeException | Error thrown) {
            stop(observation, null, thrown);
            throw thrown;
        } finally {
            scope.close();
        }
        made.whenComplete((done, thrown) -> stop(observation, done, thrown));
        return made;
    }

    @Override
    public <R> CompletionStage<R> serve(CallContext call, Rest<R> rest) throws Exception {
        if (registry.isNoop()) {
            return rest.run();
        }
        Observation observation = Observation.createNotStarted(
                        "covey.rpc.serve", () -> new RpcServeContext(call), registry)
                .contextualName(call.procedure())
                .lowCardinalityKeyValues(common(call.procedure()))
                .highCardinalityKeyValues(KeyValues.of("covey.rpc.call", call.id(), "covey.rpc.caller", call.caller()))
                .start();
        CompletionStage<R> result;
        Observation.Scope scope = observation.openScope();
        try {
            result = rest.run();
        } catch (Throwable thrown) {
            stop(observation, null, thrown);
            throw thrown;
        } finally {
            scope.close();
        }
        result.whenComplete((done, thrown) -> stop(observation, done, thrown));
        return result;
    }

    private KeyValues common(String procedure) {
        return KeyValues.of(SYSTEM, KeyValue.of("rpc.method", procedures.of(procedure)));
    }

    private static void stop(Observation observation, @Nullable Object done, @Nullable Throwable thrown) {
        observation.lowCardinalityKeyValue("outcome", CallOutcome.of(done, thrown));
        if (thrown != null) {
            observation.error(thrown);
        }
        observation.stop();
    }
}
