package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.tasks.TaskQueue;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cluster pause} and {@code cluster resume}: they differ in their name. */
@Command(mixinStandardHelpOptions = true)
class PauseCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "QUEUE", arity = "1..*", description = "Which queues")
    private List<String> queues;

    /** {@code cluster pause}. */
    @Command(
            name = "pause",
            description = "Hands out nothing more from a queue, in the whole cluster; what runs goes on.")
    static final class Pause extends PauseCommand {}

    /** {@code cluster resume}. */
    @Command(name = "resume", description = "Goes on handing out after a pause.")
    static final class Resume extends PauseCommand {}

    @Override
    public Integer call() {
        boolean pause = spec.name().equals("pause");
        try (Cluster cluster = connection.join("cli")) {
            TaskQueue tasks = TaskQueue.on(cluster);
            for (String queue : queues) {
                tasks.queue(queue).change(now -> now.withPaused(pause));
                output.line(
                        (pause ? "paused " : "resumed ") + queue,
                        Output.fields("ok", true, "queue", queue, "paused", pause));
            }
            return 0;
        }
    }
}
