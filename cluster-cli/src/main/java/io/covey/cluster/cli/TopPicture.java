package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.Node;
import io.covey.cluster.cli.QueueSample.QueueState;
import io.covey.cluster.cli.QueueSample.Rates;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A cluster at one time, and what went through it since the time before.
 *
 * @param where the backend
 * @param nodes its members but the one that looks
 * @param workers who works at tasks
 * @param sample what is in the queues
 * @param rates by queue; empty in the first picture
 * @param facts what the backend says of itself
 */
record TopPicture(
        String where,
        List<Node> nodes,
        List<WorkerInfo> workers,
        QueueSample sample,
        Map<String, Rates> rates,
        Map<String, String> facts) {

    static TopPicture take(Cluster cluster, @Nullable TopPicture before) {
        Duration timeout = cluster.config().transport().patience();
        List<Node> nodes = new ArrayList<>(cluster.members().refresh());
        nodes.remove(cluster.self());
        List<WorkerInfo> workers = cluster.transport()
                .tasks()
                .flatMap(TaskBroker::workers)
                .map(registry -> Await.on(registry.list(), timeout, "list the workers"))
                .orElse(List.of());
        QueueSample sample = QueueSample.take(cluster);
        return new TopPicture(
                cluster.transport().description(),
                nodes,
                workers,
                sample,
                before == null ? Map.of() : sample.since(before.sample),
                Await.on(cluster.transport().facts(), timeout, "ask the backend about itself"));
    }

    long running() {
        return workers.stream().mapToLong(worker -> worker.running().size()).sum();
    }

    long slots() {
        return workers.stream().mapToLong(WorkerInfo::concurrency).sum();
    }

    long sum(ToLongFunction<QueueInfo> count) {
        return sample.queues().stream()
                .mapToLong(state -> count.applyAsLong(state.info()))
                .sum();
    }

    /** Those of queues and those that belong to none. */
    long delayed() {
        return sum(QueueInfo::delayed) + sample.delayed();
    }

    /** The age of the oldest task of all queues, in seconds; null if none is known. */
    @Nullable
    Double latency() {
        Double oldest = null;
        for (QueueState state : sample.queues()) {
            Double latency = sample.latency(state);
            if (latency != null && (oldest == null || latency > oldest)) {
                oldest = latency;
            }
        }
        return oldest;
    }

    Map<String, Object> fields() {
        Rates all = QueueSample.sum(rates);
        Map<String, Object> fields = Output.fields(
                "at", sample.now().toString(),
                "where", where,
                "nodes", nodes.size(),
                "workers", workers.size(),
                "running", running(),
                "concurrency", slots(),
                "waiting", sum(QueueInfo::waiting),
                "active", sum(QueueInfo::active),
                "delayed", delayed(),
                "retry", sum(QueueInfo::retry),
                "failed", sample.failed(),
                "inPerSecond", all.in(),
                "donePerSecond", all.done());
        Double latency = latency();
        if (latency != null) {
            fields.put("latency", latency);
        }
        fields.put("backend", facts);
        fields.put(
                "queues",
                sample.queues().stream()
                        .map(state -> QueuesCommand.fields(sample, state, rates))
                        .toList());
        return fields;
    }
}
