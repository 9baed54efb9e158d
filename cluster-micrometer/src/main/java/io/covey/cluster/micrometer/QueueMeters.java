package io.covey.cluster.micrometer;

import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What is in the queues, in one registry. */
final class QueueMeters {
    private static final double MILLIS = 1000;

    private final MultiGauge tasks;
    private final MultiGauge paused;
    private final MultiGauge oldest;
    private final MultiGauge totals;

    QueueMeters(MeterRegistry registry) {
        this.tasks = MultiGauge.builder("covey.queue.tasks")
                .description("Tasks in a queue by their state, as the leader of the cluster last saw them")
                .register(registry);
        this.paused = MultiGauge.builder("covey.queue.paused")
                .description("Whether a queue is paused: 1 or 0, as the leader of the cluster last saw it")
                .register(registry);
        this.oldest = MultiGauge.builder("covey.queue.oldest")
                .baseUnit("seconds")
                .description("How long the oldest waiting task of a queue has waited, as the leader last saw it")
                .register(registry);
        this.totals = MultiGauge.builder("covey.tasks.kept")
                .description("Tasks of all queues that are delayed or have failed, as the leader last saw them")
                .register(registry);
    }

    /**
     * How long the oldest of each queue has waited, of those that the backend knows of: of the queues whose tasks have waited
     * longest, and of all others together.
     */
    void showAges(Map<String, Duration> ages) {
        List<Map.Entry<String, Duration>> sorted = new ArrayList<>(ages.entrySet());
        sorted.sort(
                Map.Entry.<String, Duration>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()));
        List<Row<?>> rows = new ArrayList<>();
        for (Map.Entry<String, Duration> age : sorted.subList(0, Math.min(Capped.MOST, sorted.size()))) {
            rows.add(row(age.getKey(), age.getValue()));
        }
        if (sorted.size() > Capped.MOST) {
            rows.add(row(Capped.OTHER, sorted.get(Capped.MOST).getValue()));
        }
        oldest.register(rows, true);
    }

    private static Row<?> row(String queue, Duration age) {
        return Row.of(Tags.of("queue", queue), age.toMillis() / MILLIS);
    }

    void clear() {
        show(List.of(), Map.of());
        showAges(Map.of());
    }

    void show(List<QueueInfo> queues, Map<String, Long> counts) {
        List<Row<?>> rows = new ArrayList<>();
        List<Row<?>> pauses = new ArrayList<>();
        for (QueueInfo queue : most(queues)) {
            rows.add(row(queue.queue(), "waiting", queue.waiting()));
            rows.add(row(queue.queue(), "active", queue.active()));
            rows.add(row(queue.queue(), "retry", queue.retry()));
            rows.add(row(queue.queue(), "delayed", queue.delayed()));
            pauses.add(Row.of(Tags.of("queue", queue.queue()), queue.paused() ? 1 : 0));
        }
        tasks.register(rows, true);
        paused.register(pauses, true);
        totals.register(
                counts.entrySet().stream()
                        .filter(count -> !count.getKey().startsWith("stat:"))
                        .<Row<?>>map(count -> Row.of(Tags.of("state", count.getKey()), count.getValue()))
                        .toList(),
                true);
    }

    private static Row<?> row(String queue, String state, long count) {
        return Row.of(Tags.of("queue", queue, "state", state), count);
    }

    /** Those with the most in them, and all others together. */
    private static List<QueueInfo> most(List<QueueInfo> queues) {
        if (queues.size() <= Capped.MOST) {
            return queues;
        }
        List<QueueInfo> sorted = new ArrayList<>(queues);
        sorted.sort(Comparator.comparingLong(QueueInfo::waiting).reversed().thenComparing(QueueInfo::queue));
        List<QueueInfo> shown = new ArrayList<>(sorted.subList(0, Capped.MOST));
        sorted.subList(Capped.MOST, sorted.size()).stream()
                .reduce(QueueMeters::together)
                .ifPresent(others -> shown.add(new QueueInfo(
                        Capped.OTHER, others.waiting(), others.active(), others.retry(), others.delayed(), false)));
        return shown;
    }

    private static QueueInfo together(QueueInfo one, QueueInfo other) {
        return new QueueInfo(
                one.queue(),
                one.waiting() + other.waiting(),
                one.active() + other.active(),
                one.retry() + other.retry(),
                one.delayed() + other.delayed(),
                false);
    }
}
