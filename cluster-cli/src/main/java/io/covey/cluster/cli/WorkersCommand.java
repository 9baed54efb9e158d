package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.WorkerRegistry;
import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cluster workers}. */
@Command(
        name = "workers",
        description = "Who works at which queues, workers of other makes included.",
        mixinStandardHelpOptions = true)
final class WorkersCommand implements Callable<Integer> {
    private static final int MOST_QUEUES = 20;

    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        try (Cluster cluster = connection.join("cli")) {
            WorkerRegistry registry = cluster.transport()
                    .tasks()
                    .flatMap(tasks -> tasks.workers())
                    .orElseThrow(() -> new ClusterException(
                            "The transport " + cluster.transport().description() + " has no list of workers"));
            List<WorkerInfo> workers =
                    Await.on(registry.list(), cluster.config().transport().patience(), "list the workers");
            for (WorkerInfo worker : workers) {
                output.row(
                        "%s %s %s %8d done %6d failed, %d of %d running, seen %s ago"
                                .formatted(
                                        Columns.name(worker.owner(), 40),
                                        Columns.name(worker.pid() + "@" + worker.host(), 24),
                                        Columns.name(queues(worker), 24),
                                        worker.processed(),
                                        worker.failed(),
                                        worker.running().size(),
                                        worker.concurrency(),
                                        Ages.between(
                                                worker.seen(), cluster.clock().instant())),
                        Output.fields(
                                "worker", worker.owner(),
                                "host", worker.host(),
                                "pid", worker.pid(),
                                "queues", worker.queues(),
                                "since", worker.since().toString(),
                                "seen", worker.seen().toString(),
                                "processed", worker.processed(),
                                "failed", worker.failed(),
                                "concurrency", worker.concurrency(),
                                "running",
                                        worker.running().stream()
                                                .map(task -> Output.fields(
                                                        "queue", task.queue(),
                                                        "id", task.id(),
                                                        "type", task.type(),
                                                        "since", task.since().toString()))
                                                .toList()));
            }
            if (workers.isEmpty()) {
                output.text("No worker at " + cluster.transport().description());
            }
            output.flush();
            return 0;
        }
    }

    /** The first of them: there may be many. */
    private static String queues(WorkerInfo worker) {
        return Output.shown(String.join(
                ",",
                worker.queues().subList(0, Math.min(MOST_QUEUES, worker.queues().size()))));
    }
}
