package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.spi.WorkerRegistry.Running;
import io.covey.cluster.tasks.FailedFilter;
import io.covey.cluster.tasks.TaskQueue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cluster tasks}. */
@Command(
        name = "tasks",
        description = {
            "The tasks of a queue in one state: their number; active ones as their workers tell them, and failed ones, one "
                    + "a line."
        },
        mixinStandardHelpOptions = true)
final class TasksCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Option(names = "--queue", paramLabel = "QUEUE", required = true, description = "Which queue")
    private String queue;

    @Option(names = "--state", required = true, description = "${COMPLETION-CANDIDATES}")
    private State state;

    /** Where a task can be. */
    enum State {
        waiting,
        active,
        delayed,
        retry,
        failed
    }

    @Override
    public Integer call() {
        try (Cluster cluster = connection.join("cli")) {
            TaskQueue tasks = TaskQueue.on(cluster);
            QueueInfo counts = tasks.queue(queue).counts();
            long count = switch (state) {
                case waiting -> counts.waiting();
                case active -> active(cluster, counts);
                case delayed -> counts.delayed();
                case retry -> counts.retry();
                case failed -> failed(tasks);
            };
            output.line(count + " " + state, Output.fields("queue", queue, state.name(), count));
            return 0;
        }
    }

    /** Those that their workers report, which may be less than are leased. */
    private long active(Cluster cluster, QueueInfo counts) {
        Duration timeout = cluster.config().transport().commandTimeout().multipliedBy(2);
        List<Running> running = cluster
                .transport()
                .tasks()
                .flatMap(TaskBroker::workers)
                .map(workers -> Await.on(workers.list(), timeout, "list the workers"))
                .orElse(List.of())
                .stream()
                .flatMap(worker -> worker.running().stream())
                .filter(task -> task.queue().equals(queue))
                .toList();
        for (Running task : running) {
            output.line(
                    "%-32s %-20s since %s %s"
                            .formatted(
                                    task.id(),
                                    task.type(),
                                    task.since(),
                                    new String(task.args(), StandardCharsets.UTF_8)),
                    Output.fields(
                            "id", task.id(),
                            "queue", queue,
                            "type", task.type(),
                            "since", task.since().toString(),
                            "args", Output.value(task.args())));
        }
        return counts.active();
    }

    private long failed(TaskQueue tasks) {
        long[] count = new long[1];
        tasks.failed().each(FailedFilter.all().withQueue(queue), task -> {
            count[0]++;
            output.line(
                    "%s %s: %s"
                            .formatted(
                                    task.failure().at(),
                                    task.failure().exception(),
                                    task.failure().message()),
                    Output.fields(
                            "id", task.failure().task(),
                            "queue", queue,
                            "at", task.failure().at().toString(),
                            "error", task.failure().message()));
            return true;
        });
        return count[0];
    }
}
