package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.tasks.TaskInspection;
import io.covey.cluster.tasks.TaskQueue;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cluster queues}. */
@Command(name = "queues", description = "What is in the task queues now.", mixinStandardHelpOptions = true)
final class QueuesCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        try (Cluster cluster = connection.join("cli")) {
            TaskInspection tasks = TaskQueue.on(cluster).inspect();
            List<QueueInfo> queues = tasks.queues();
            output.text("%-32s %12s %12s %12s".formatted("queue", "waiting", "active", "retry"));
            for (QueueInfo queue : queues) {
                output.line(
                        "%-32s %12d %12d %12d".formatted(queue.queue(), queue.waiting(), queue.active(), queue.retry()),
                        Output.fields(
                                "queue", queue.queue(),
                                "waiting", queue.waiting(),
                                "active", queue.active(),
                                "retry", queue.retry()));
            }
            Map<String, Long> totals = tasks.totals();
            long delayed = totals.getOrDefault("delayed", 0L);
            long failed = totals.getOrDefault("failed", 0L);
            output.line(
                    "of all queues: " + delayed + " delayed, " + failed + " failed",
                    Output.fields("delayed", delayed, "failed", failed));
            return 0;
        }
    }
}
