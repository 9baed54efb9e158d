package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.tasks.RecurringTask;
import io.covey.cluster.tasks.Schedules;
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
        throw new ParameterException(spec.commandLine(), "Say what to do: schedule list, or schedule stop NAME");
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
                output.line(
                        "%-20s %-20s %-28s next %s  %s %s"
                                .formatted(
                                        task.queue(),
                                        task.name(),
                                        task.recurrence(),
                                        task.next(),
                                        task.type(),
                                        task.args()),
                        Output.fields(
                                "queue", task.queue(),
                                "name", task.name(),
                                "recurrence", task.recurrence(),
                                "next", task.next().toString(),
                                "misfire", task.misfire().policy(),
                                "type", task.type(),
                                "args", Output.parse("args", task.args())));
            }
            if (tasks.isEmpty()) {
                output.text("No recurring task at " + cluster.transport().description());
            }
            return 0;
        }
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
            boolean stopped = Schedules.on(cluster).stop(queue, name);
            if (!stopped) {
                output.error("cluster schedule: queue " + queue + " has no recurring task " + name);
                return 1;
            }
            output.line("stopped " + name, Output.fields("ok", true, "queue", queue, "name", name));
            return 0;
        }
    }
}
