package io.covey.cluster.micrometer;

import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.tasks.EnqueueOptions;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueMetricsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Cluster node = Cluster.join("local:queues-" + UUID.randomUUID());
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void stop() {
        node.close();
    }

    private void enqueue() {
        TaskQueue.on(node)
                .enqueueAll(List.of(new NewTask<>(
                        TaskType.raw("work"), "[]", EnqueueOptions.none().withQueue("mail"))));
    }

    @Test
    void anErrorCostsOneLookAndNotAllThatWouldFollow() {
        enqueue();
        AtomicInteger errors = new AtomicInteger(3);
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                if (errors.getAndDecrement() > 0) {
                    throw new StackOverflowError("for the test");
                }
                return id;
            }
        });
        try (QueueMetrics metrics = new QueueMetrics(node, Duration.ofSeconds(1))) {
            metrics.bindTo(registry);
            await().atMost(LONG).until(() -> Meters.sum(registry, "covey.queue.tasks", "queue", "mail") == 1);
        }
    }

    @Test
    void theTimeBetweenLooksMayBeForEver() {
        enqueue();
        try (QueueMetrics metrics = new QueueMetrics(node, ChronoUnit.FOREVER.getDuration())) {
            metrics.bindTo(registry);
            await().atMost(LONG).until(() -> Meters.sum(registry, "covey.queue.tasks", "queue", "mail") == 1);
        }
    }
}
