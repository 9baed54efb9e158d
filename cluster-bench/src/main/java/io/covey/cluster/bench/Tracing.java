package io.covey.cluster.bench;

import io.covey.cluster.micrometer.TaskRunTracingHandler;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;

/** Observations that OpenTelemetry makes spans of, which go nowhere. */
final class Tracing implements AutoCloseable {
    private final SdkTracerProvider provider;
    private final ObservationRegistry registry = ObservationRegistry.create();

    Tracing(double sampled) {
        provider = SdkTracerProvider.builder()
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(sampled)))
                .build();
        OtelTracer tracer = new OtelTracer(provider.get("covey"), new OtelCurrentTraceContext(), event -> {});
        registry.observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new TaskRunTracingHandler(tracer), new DefaultTracingObservationHandler(tracer)));
    }

    ObservationRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        provider.close();
    }
}
