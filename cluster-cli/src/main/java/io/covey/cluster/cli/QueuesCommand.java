package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.tasks.FailedTasks;
import io.covey.cluster.tasks.TaskInspection;
import io.covey.cluster.tasks.TaskQueue;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cluster queues}. */
@Command(
        name = "queues",
        description = {
            "What is in the task queues now.",
            "With --set and --give-back changes one: cluster queues --set mail kind=own,concurrency=5,rate=100/s"
        },
        mixinStandardHelpOptions = true)
final class QueuesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Option(names = "--set", paramLabel = "QUEUE", description = "Change the settings of this queue to SETTINGS")
    private String set;

    @Option(
            names = "--give-back",
            paramLabel = "QUEUE",
            description = "Put its tasks that wait to run again back among the waiting, for workers of other makes")
    private String giveBack;

    @Parameters(
            paramLabel = "SETTINGS",
            arity = "0..1",
            description =
                    "kind=shared|own, paused=true|false, concurrency=N, rate=N/s, key-concurrency=N, key-rate=N/s; "
                            + "a limit can be none. Without it --set prints what is set")
    private String settings;

    @Override
    public Integer call() {
        if (settings != null && set == null) {
            throw new ParameterException(spec.commandLine(), "Say with --set of which queue the settings are");
        }
        try (Cluster cluster = connection.join("cli")) {
            TaskQueue tasks = TaskQueue.on(cluster);
            if (set != null) {
                change(tasks);
            }
            if (giveBack != null) {
                long count = tasks.queue(giveBack).giveBack();
                output.line(
                        "gave back " + count + " of " + giveBack,
                        Output.fields("ok", true, "queue", giveBack, "givenBack", count));
            }
            if (set == null && giveBack == null) {
                list(tasks.inspect());
            }
            return 0;
        }
    }

    private void change(TaskQueue tasks) {
        QueueSettings now = settings == null
                ? tasks.queue(set).settings()
                : tasks.queue(set).change(new QueueChange(settings)::apply);
        output.line(
                set + " " + QueueChange.shown(now),
                Output.fields(
                        "ok", true,
                        "queue", set,
                        "kind", now.kind(),
                        "paused", now.paused(),
                        "settings", QueueChange.shown(now)));
    }

    private void list(TaskInspection tasks) {
        List<QueueInfo> queues = tasks.queues();
        output.text("%-32s %12s %12s %12s %12s".formatted("queue", "waiting", "active", "retry", "delayed"));
        for (QueueInfo queue : queues) {
            output.line(
                    "%-32s %12d %12d %12d %12d%s"
                            .formatted(
                                    queue.queue(),
                                    queue.waiting(),
                                    queue.active(),
                                    queue.retry(),
                                    queue.delayed(),
                                    queue.paused() ? "  paused" : ""),
                    Output.fields(
                            "queue", queue.queue(),
                            "waiting", queue.waiting(),
                            "active", queue.active(),
                            "retry", queue.retry(),
                            "delayed", queue.delayed(),
                            "paused", queue.paused()));
        }
        Map<String, Long> totals = tasks.totals();
        long delayed = totals.getOrDefault("delayed", 0L);
        long failed = totals.getOrDefault("failed", 0L);
        output.line(
                "of all queues: " + delayed + " delayed, " + failed + " failed",
                Output.fields("delayed", delayed, "failed", failed));
        if (failed > FailedTasks.MANY) {
            output.error("cluster queues: " + failed
                    + " failed tasks fill the backend's memory: see cluster failed retry and cluster failed drop");
        }
    }
}
