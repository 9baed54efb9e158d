package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.QueueControl.Cancelled;
import io.covey.cluster.tasks.TaskQueue;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cluster cancel}. */
@Command(
        name = "cancel",
        description = "Stops a task: one that waits is removed, one that runs is told within two beats of its worker.",
        mixinStandardHelpOptions = true)
final class CancelCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Option(names = "--queue", paramLabel = "QUEUE", required = true, description = "Where it is")
    private String queue;

    @Parameters(paramLabel = "ID", description = "As enqueue printed it; of a shared queue as its worker calls it")
    private String id;

    @Override
    public Integer call() {
        try (Cluster cluster = connection.join("cli")) {
            Cancelled answer = TaskQueue.on(cluster).queue(queue).cancel(id);
            boolean known = answer != Cancelled.UNKNOWN;
            output.line(answer + " " + id, Output.fields("ok", known, "id", id, "queue", queue, "answer", answer));
            return known ? 0 : 1;
        }
    }
}
