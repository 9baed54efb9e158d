package io.covey.cluster.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.micrometer.TaskTracing;
import io.covey.cluster.rpc.BuiltIn;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.tasks.TaskQueue;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application that OpenTelemetry traces, with the registry and the handlers that Spring Boot makes. */
class TracingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Remembers the spans that have ended. */
    static final class Spans implements SpanProcessor {
        private final List<SpanData> ended = new CopyOnWriteArrayList<>();

        @Override
        public void onStart(Context parent, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            ended.add(span.toSpanData());
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }

        List<SpanData> named(String name) {
            return ended.stream().filter(span -> name.equals(span.getName())).toList();
        }

        SpanData one(String name) {
            await(name).atMost(PATIENCE).until(() -> !named(name).isEmpty());
            return named(name).get(0);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Traced extends WorkerTest.Handling {
        @Bean
        Spans spans() {
            return new Spans();
        }

        @Bean
        SdkTracerProvider provider(Spans spans) {
            return SdkTracerProvider.builder().addSpanProcessor(spans).build();
        }

        @Bean
        Tracer tracer(SdkTracerProvider provider) {
            return new OtelTracer(provider.get("test"), new OtelCurrentTraceContext(), event -> {});
        }

        @Bean
        Propagator propagator(SdkTracerProvider provider) {
            return new OtelPropagator(
                    ContextPropagators.create(W3CTraceContextPropagator.getInstance()), provider.get("test"));
        }
    }

    private static void work(ConfigurableApplicationContext app) throws Exception {
        TaskQueue tasks = app.getBean(TaskQueue.class);
        tasks.queue("images").change(settings -> settings.withKind(Kind.OWN));
        tasks.enqueue(WorkerTest.Resize.TASK, new WorkerTest.Resize("cat.png", 200));
        app.getBean(WorkerTest.Heard.class).next();
        app.getBean(Rpc.class).callAll(BuiltIn.PING, new byte[0]).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void anAttemptIsATraceOfItsOwnBesideTheHandlersOfSpringBoot() throws Exception {
        try (ConfigurableApplicationContext app = Applications.run(Traced.class, "welcome.type=hello")) {
            work(app);
            Spans spans = app.getBean(Spans.class);
            SpanData enqueue = spans.one("send images");
            SpanData attempt = spans.one("process images");
            assertThat(attempt.getParentSpanContext().isValid()).isFalse();
            assertThat(attempt.getTraceId()).isNotEqualTo(enqueue.getTraceId());
            assertThat(attempt.getLinks())
                    .singleElement()
                    .satisfies(link ->
                            assertThat(link.getSpanContext().getSpanId()).isEqualTo(enqueue.getSpanId()));
        }
    }

    @Test
    void observationsAreSwitchedOffByTheSettingsOfSpringBoot() throws Exception {
        try (ConfigurableApplicationContext app = Applications.run(
                Traced.class, "welcome.type=hello", "management.observations.enable.covey.task=false")) {
            work(app);
            Spans spans = app.getBean(Spans.class);
            await().atMost(PATIENCE)
                    .until(() -> spans.ended.stream()
                            .anyMatch(span ->
                                    Objects.requireNonNull(span.getName()).contains("ping")));
            assertThat(spans.named("send images")).isEmpty();
            assertThat(spans.named("process images")).isEmpty();
        }
    }

    @Test
    void nothingIsTracedWhereThatIsSwitchedOff() throws Exception {
        try (ConfigurableApplicationContext app =
                Applications.run(Traced.class, "welcome.type=hello", "covey.tracing.enabled=false")) {
            work(app);
            assertThat(app.getBeansOfType(TaskTracing.class)).isEmpty();
            assertThat(app.getBean(Spans.class).ended).isEmpty();
        }
    }
}
