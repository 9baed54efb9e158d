package io.covey.cluster.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.rpc.BuiltIn;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.tasks.TaskQueue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class ObservabilityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Configuration(proxyBeanMethods = false)
    static class Measured extends WorkerTest.Handling {
        @Bean
        MeterRegistry registry() {
            return new SimpleMeterRegistry();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Traced extends WorkerTest.Handling {
        final Queue<String> observed = new ConcurrentLinkedQueue<>();

        @Bean
        Tracer tracer() {
            return Tracer.NOOP;
        }

        @Bean
        ObservationRegistry observations() {
            ObservationRegistry registry = ObservationRegistry.create();
            registry.observationConfig().observationHandler(new ObservationHandler<>() {
                @Override
                public void onStop(Observation.Context context) {
                    observed.add(String.valueOf(context.getName()));
                }

                @Override
                public boolean supportsContext(Observation.Context context) {
                    return true;
                }
            });
            return registry;
        }
    }

    private static void work(ConfigurableApplicationContext app) throws Exception {
        app.getBean(TaskQueue.class).enqueue(WorkerTest.Resize.TASK, new WorkerTest.Resize("cat.png", 200));
        app.getBean(WorkerTest.Heard.class).next();
        app.getBean(Rpc.class).callAll(BuiltIn.PING, new byte[0]).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        app.getBean(Cluster.class).topic("/a", String.class).publish("b");
    }

    @Test
    void metersOfTheNodeItsTasksAndItsCallsAreBound() throws Exception {
        try (ConfigurableApplicationContext app = Applications.run(Measured.class, "welcome.type=hello")) {
            work(app);
            MeterRegistry registry = app.getBean(MeterRegistry.class);
            assertThat(registry.get("covey.ready").gauge().value()).isEqualTo(1);
            assertThat(registry.get("covey.worker.up").gauge().value()).isEqualTo(1);
            assertThat(registry.get("covey.rpc.client.open").gauge().value()).isZero();
            await().atMost(PATIENCE)
                    .until(() ->
                            registry.find("covey.tasks.run").timers().stream().anyMatch(timer -> timer.count() == 1));
        }
    }

    @Test
    void nothingIsMeasuredWhereThatIsSwitchedOff() throws Exception {
        // Spring Boot makes timers of observations.
        try (ConfigurableApplicationContext app = Applications.run(
                Measured.class, "welcome.type=hello", "covey.metrics.enabled=false", "covey.tracing.enabled=false")) {
            work(app);
            assertThat(app.getBean(MeterRegistry.class).getMeters())
                    .noneMatch(meter -> meter.getId().getName().startsWith("covey."));
        }
    }

    @Test
    void tasksCallsAndMessagesAreObservedWhereThereIsATracer() throws Exception {
        try (ConfigurableApplicationContext app = Applications.run(Traced.class, "welcome.type=hello")) {
            work(app);
            Traced traced = app.getBean(Traced.class);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(traced.observed)
                            .contains(
                                    "covey.task.enqueue",
                                    "covey.task.run",
                                    "covey.rpc.call",
                                    "covey.rpc.serve",
                                    "covey.topic.publish"));
        }
        try (ConfigurableApplicationContext app =
                Applications.run(Traced.class, "welcome.type=hello", "covey.tracing.enabled=false")) {
            work(app);
            assertThat(app.getBean(Traced.class).observed).isEmpty();
        }
    }

    @Test
    void healthSaysWhetherTheNodeAndItsWorkerGetOn() {
        ConfigurableApplicationContext app = Applications.run(WorkerTest.Handling.class, "welcome.type=hello");
        HealthIndicator live = app.getBean("coveyLiveHealthIndicator", HealthIndicator.class);
        HealthIndicator ready = app.getBean("coveyReadyHealthIndicator", HealthIndicator.class);
        assertThat(health(live).getStatus().getCode()).isEqualTo("UP");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(health(ready).getStatus().getCode())
                        .as(health(ready).toString())
                        .isEqualTo("UP"));
        assertThat(health(ready).getDetails().keySet()).anyMatch(check -> check.startsWith("worker "));
        app.close();
        assertThat(health(ready).getStatus().getCode()).isEqualTo("DOWN");
        try (ConfigurableApplicationContext without =
                Applications.run(ClusterAutoConfigurationTest.Nothing.class, "management.health.covey.enabled=false")) {
            assertThat(without.getBeanNamesForType(HealthIndicator.class)).noneMatch(name -> name.startsWith("covey"));
        }
    }

    private static Health health(HealthIndicator indicator) {
        return Objects.requireNonNull(indicator.health());
    }
}
