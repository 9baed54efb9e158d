package io.covey.cluster.dashboard;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskInspector;
import io.covey.cluster.spi.TaskInspector.QueueFlow;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.spi.WorkerRegistry;
import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Takes pictures of the cluster, one each interval, however many look; none while nobody looks. Its steps run on one
 * thread.
 */
final class Sampler {
    private static final int SHARE = 20;

    private final Cluster cluster;
    private final Duration timeout;
    private final Source<Instant> time;
    private final Source<List<QueueInfo>> queues;
    private final Source<List<QueueFlow>> flows;
    private final Source<Map<String, Long>> totals;
    private final Source<List<WorkerInfo>> workers;
    private final List<Source<?>> sources;
    private final Map<String, Flow> byQueue = new HashMap<>();
    private final Trend trend = new Trend();
    private volatile Optional<Picture> newest = Optional.empty();
    private long number;

    Sampler(Cluster cluster, Duration timeout) {
        this.cluster = cluster;
        this.timeout = timeout;
        Optional<TaskInspector> inspector = cluster.transport().tasks().map(TaskBroker::inspector);
        this.time = new Source<>(
                "ask for the time", Instant.EPOCH, 1, () -> cluster.transport().time());
        this.queues = source("count the tasks of all queues", List.of(), inspector, TaskInspector::queues);
        this.flows = source("ask what went through the queues", List.of(), inspector, TaskInspector::flows);
        this.totals = source("count delayed and failed tasks", Map.of(), inspector, TaskInspector::totals);
        this.workers = source(
                "list the workers",
                List.of(),
                cluster.transport().tasks().flatMap(TaskBroker::workers),
                WorkerRegistry::list);
        this.sources = List.of(time, queues, flows, totals, workers);
    }

    /** A source that has nothing to say where the backend has no such thing. */
    private static <A, T> Source<T> source(
            String what, T nothing, Optional<A> asked, Function<A, CompletionStage<T>> question) {
        return new Source<>(
                what,
                nothing,
                SHARE,
                () -> asked.map(question)
                        .orElseGet(() -> java.util.concurrent.CompletableFuture.completedStage(nothing)));
    }

    Optional<Picture> newest() {
        return newest;
    }

    Trend trend() {
        return trend;
    }

    /** Takes a picture. Where the backend does not answer it is the one before, and says so. */
    Picture take() {
        long began = System.nanoTime();
        time.ask(began);
        time.take(timeout, began);
        long rtt = (System.nanoTime() - began) / 1000;
        boolean up = time.trouble().isEmpty();
        if (up) {
            sources.forEach(source -> source.ask(System.nanoTime()));
            sources.forEach(source -> source.take(timeout, System.nanoTime()));
        }
        List<String> trouble = sources.stream()
                .map(Source::trouble)
                .filter(text -> !text.isEmpty())
                .distinct()
                .toList();
        Picture picture = new Picture(
                ++number,
                cluster.clock().instant(),
                up,
                up ? trouble : List.of(time.trouble()),
                up ? rows(System.nanoTime()) : newest.map(Picture::queues).orElse(List.of()),
                totals.last(),
                workers.last(),
                cluster.members().list(),
                rtt);
        newest = Optional.of(picture);
        trend.add(picture.tick());
        return picture;
    }

    private List<QueueRow> rows(long now) {
        Map<String, QueueFlow> counts =
                flows.last().stream().collect(Collectors.toMap(QueueFlow::queue, Function.identity(), (a, b) -> a));
        List<QueueRow> rows = new ArrayList<>();
        for (QueueInfo info : queues.last()) {
            QueueFlow count = counts.getOrDefault(info.queue(), new QueueFlow(info.queue(), 0, 0, Optional.empty()));
            Flow flow = byQueue.computeIfAbsent(info.queue(), name -> new Flow());
            long left = count.done() + count.failed() + info.active() + info.retry();
            flow.look(now, info.waiting(), left, count.done(), count.failed());
            Optional<Long> known = count.oldest()
                    .map(since -> Math.max(
                            0,
                            Duration.between(since, cluster.clock().instant()).toMillis()));
            rows.add(new QueueRow(
                    info,
                    flow.donePerSecond(),
                    flow.failedPerSecond(),
                    known.orElseGet(() -> flow.oldestMillis(now)),
                    known.isEmpty() && flow.isOldestAtLeast(),
                    flow.waiting()));
        }
        byQueue.keySet().retainAll(rows.stream().map(row -> row.info().queue()).collect(Collectors.toSet()));
        return rows;
    }
}
