package io.covey.cluster.micrometer;

import io.covey.cluster.rpc.BuiltIn;
import io.covey.cluster.rpc.Rpc;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/**
 * The meters of a node's calls, of those it makes and those it answers. {@code docs/observability.md} lists them. Nothing
 * is counted before it is bound. Thread-safe.
 *
 * <p>Tags are bounded: names of procedures up to 100, then {@code other}.
 */
public final class RpcMetrics implements MeterBinder, AutoCloseable {
    private final Rpc rpc;
    private final Bindings bindings = new Bindings();

    /**
     * Binds nothing yet.
     *
     * @param rpc the calls of the node
     */
    public RpcMetrics(Rpc rpc) {
        this.rpc = rpc;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge("covey.rpc.client.open", BuiltIn.Stats::open)
                .description("Calls of this node that have no end yet")
                .register(registry);
        gauge("covey.rpc.server.running", BuiltIn.Stats::running)
                .description("Calls that run on this node")
                .register(registry);
        gauge("covey.rpc.server.waiting", BuiltIn.Stats::waiting)
                .description("Calls that wait for a thread on this node")
                .register(registry);
        FunctionCounter.builder(
                        "covey.rpc.server.refused", rpc, calls -> calls.stats().refused())
                .description("Calls that this node refused: busy, unknown, or an argument that cannot be read")
                .register(registry);
        bindings.add(rpc.around(new RpcMeters(registry)));
    }

    private Gauge.Builder<Rpc> gauge(String name, ToDoubleFunction<BuiltIn.Stats> value) {
        return Gauge.builder(name, rpc, calls -> value.applyAsDouble(calls.stats()));
    }

    /** Counts nothing any more. The meters stay in their registries. */
    @Override
    public void close() {
        bindings.close();
    }
}
