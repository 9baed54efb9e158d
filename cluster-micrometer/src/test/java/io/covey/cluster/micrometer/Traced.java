package io.covey.cluster.micrometer;

import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** A process that is traced by OpenTelemetry, and remembers its spans. */
final class Traced implements AutoCloseable {
    private final List<SpanData> spans = new CopyOnWriteArrayList<>();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(new Memory()))
            .build();
    private final ObservationRegistry registry = ObservationRegistry.create();

    Traced() {
        OpenTelemetrySdk otel = OpenTelemetrySdk.builder()
                .setTracerProvider(provider)
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
        io.opentelemetry.api.trace.Tracer raw = provider.get("covey");
        OtelTracer tracer = new OtelTracer(raw, new OtelCurrentTraceContext(), event -> {});
        Propagator propagator = new OtelPropagator(otel.getPropagators(), raw);
        registry.observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new TaskRunTracingHandler(tracer),
                        new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
    }

    ObservationRegistry registry() {
        return registry;
    }

    /** Those of a name, when there are so many. */
    List<SpanData> spans(String name, int count) {
        return Awaitility.await(count + " spans " + name)
                .atMost(Duration.ofSeconds(60))
                .until(() -> named(name), found -> found.size() >= count);
    }

    private List<SpanData> named(String name) {
        return spans.stream().filter(span -> name.equals(span.getName())).toList();
    }

    /** The value of an attribute; "" if there is none. */
    static String attribute(SpanData span, String name) {
        return span.getAttributes().asMap().entrySet().stream()
                .filter(entry -> entry.getKey().getKey().equals(name))
                .map(entry -> String.valueOf(entry.getValue()))
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        provider.close();
    }

    private final class Memory implements SpanExporter {

        @Override
        public CompletableResultCode export(Collection<SpanData> ended) {
            spans.addAll(ended);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
