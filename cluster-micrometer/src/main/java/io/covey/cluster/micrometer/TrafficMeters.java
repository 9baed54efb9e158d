package io.covey.cluster.micrometer;

import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.Transport.Traffic;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What the connections to the backend do; nothing of a backend that does not count. */
record TrafficMeters(Transport transport) implements MeterBinder {
    private static final Traffic NONE = new Traffic(0, 0, 0, Duration.ZERO, 0);

    @Override
    public void bindTo(MeterRegistry registry) {
        if (transport.traffic().isEmpty()) {
            return;
        }
        FunctionTimer.builder(
                        "covey.backend.trips",
                        transport,
                        from -> now(from).trips() - now(from).failed(),
                        from -> now(from).waited().toNanos(),
                        TimeUnit.NANOSECONDS)
                .description("Round trips to the backend that were answered, and how long that took")
                .register(registry);
        counter("covey.backend.commands", Traffic::commands)
                .description("Commands sent to the backend")
                .register(registry);
        counter("covey.backend.failed", Traffic::failed)
                .description("Round trips to the backend without an answer")
                .register(registry);
        counter("covey.backend.connects", Traffic::connects)
                .description("Connections made to the backend, those included that replaced lost ones")
                .register(registry);
    }

    private FunctionCounter.Builder<Transport> counter(String name, ToDoubleFunction<Traffic> value) {
        return FunctionCounter.builder(name, transport, from -> value.applyAsDouble(now(from)));
    }

    private static Traffic now(Transport from) {
        return from.traffic().orElse(NONE);
    }
}
