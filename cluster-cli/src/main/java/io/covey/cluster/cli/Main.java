package io.covey.cluster.cli;

import io.covey.cluster.ClusterException;
import io.covey.cluster.cli.demo.DemoCommand;
import io.covey.cluster.spi.Await;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code cluster} command. Exit status: 0 done, 1 refused or failed, 2 wrong usage. */
@Command(
        name = "cluster",
        description = "Look into a Covey cluster, work for it, and talk to it.",
        mixinStandardHelpOptions = true,
        version = "cluster 0.1.0-SNAPSHOT",
        subcommands = {
            DemoCommand.class,
            RedisCommand.class,
            WorkerCommand.class,
            StartCommand.class,
            EnqueueCommand.class,
            QueuesCommand.class,
            TasksCommand.class,
            FailedCommand.class,
            PauseCommand.Pause.class,
            PauseCommand.Resume.class,
            CancelCommand.class,
            ScheduleCommand.class,
            WorkersCommand.class,
            NodesCommand.class,
            RoomsCommand.class,
            ConnectionsCommand.class,
            CacheCommand.class,
            CallCommand.class,
            PublishCommand.class,
            SubscribeCommand.class,
            DashboardCommand.class,
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    /**
     * Runs a command and ends the process with its exit status.
     *
     * @param args as typed
     */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(command(out, err).execute(args));
    }

    /** The command with where it prints. */
    static CommandLine command(PrintWriter out, PrintWriter err) {
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .registerConverter(Duration.class, Durations::parse)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Main::failed);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do, for example: cluster demo");
    }

    private static int failed(Exception thrown, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        Throwable cause = Await.unwrap(thrown);
        if (cause instanceof ClusterException
                || cause instanceof IllegalArgumentException
                || cause instanceof IllegalStateException
                || cause instanceof UncheckedIOException) {
            PrintWriter err = command.getErr();
            err.println("cluster " + command.getCommandName() + ": " + cause.getMessage());
            return 1;
        }
        throw thrown;
    }
}
