package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.tasks.RecurringTask;
import io.covey.cluster.tasks.Schedules;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cluster schedule}. */
@Command(name = "schedule", description = "Recurring tasks.", mixinStandardHelpOptions = true)
final class ScheduleCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: schedule list, run or stop");
    }

    @Command(name = "list", description = "What is due when.", mixinStandardHelpOptions = true)
    int list(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--queues", split = ",", paramLabel = "A,B", description = "Of these queues (default: all)")
                    Set<String> queues) {
        try (Cluster cluster = connection.join("cli")) {
            Schedules schedules = Schedules.on(cluster);
            List<RecurringTask> tasks = queues == null ? schedules.list() : schedules.list(queues);
            for (RecurringTask task : tasks) {
                output.row(
                        "%s %s %s next %s  %s %s"
                                .formatted(
                                        Columns.name(task.queue(), 20),
                                        Columns.name(task.name(), 20),
                                        Columns.name(task.recurrence(), 28),
                                        task.next(),
                                        Output.shown(task.type()),
                                        Output.shown(task.args())),
                        Output.fields(
                                "queue", task.queue(),
                                "name", task.name(),
                                "recurrence", task.recurrence(),
                                "next", task.next().toString(),
                                "misfire", task.misfire().policy(),
                                "type", task.type(),
                                "args", Output.value(task.args().getBytes(StandardCharsets.UTF_8))));
            }
            if (tasks.isEmpty()) {
                output.text("No recurring task at " + cluster.transport().description());
            }
            output.flush();
            return 0;
        }
    }

    @Command(
            name = "run",
            description = "Adds the task of a recurring one now, beside its times, which stay what they are.",
            mixinStandardHelpOptions = true)
    int run(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--queue", paramLabel = "QUEUE", required = true, description = "Its queue") String queue,
            @Parameters(paramLabel = "NAME", description = "Its name") String name) {
        try (Cluster cluster = connection.join("cli")) {
            return said(output, queue, name, "added", Schedules.on(cluster).runNow(queue, name));
        }
    }

    private static int said(Output output, String queue, String name, String done, boolean ok) {
        if (!ok) {
            output.error("cluster schedule: queue " + queue + " has no recurring task " + name);
            return 1;
        }
        output.line(done + " " + name, Output.fields("ok", true, "queue", queue, "name", name));
        return 0;
    }

    @Command(
            name = "stop",
            description = "Ends a recurring task in the whole cluster; what it has added stays.",
            mixinStandardHelpOptions = true)
    int stop(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--queue", paramLabel = "QUEUE", required = true, description = "Its queue") String queue,
            @Parameters(paramLabel = "NAME", description = "Its name") String name) {
        try (Cluster cluster = connection.join("cli")) {
            return said(output, queue, name, "stopped", Schedules.on(cluster).stop(queue, name));
        }
    }
}
