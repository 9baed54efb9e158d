package io.covey.cluster.cli;

import io.covey.cluster.ClusterException;
import io.covey.cluster.cli.demo.DemoCommand;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.PicocliException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code cluster} command. Exit status: 0 done, 1 refused or failed, 2 wrong usage. */
@Command(
        name = "cluster",
        description = "Look into a Covey cluster, work for it, and talk to it.",
        footer = {
            "",
            "An option is also taken from the environment: --task-namespace from COVEY_TASK_NAMESPACE.",
            "Exit status: 0 done, 1 refused or failed, 2 wrong usage. All of it: docs/cli.md"
        },
        mixinStandardHelpOptions = true,
        version = "cluster 0.1.0-SNAPSHOT",
        subcommands = {
            DemoCommand.class,
            RedisCommand.class,
            WorkerCommand.class,
            StartCommand.class,
            EnqueueCommand.class,
            TopCommand.class,
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
            LocksCommand.class,
            StatsCommand.class,
            CallCommand.class,
            PublishCommand.class,
            SubscribeCommand.class,
            DashboardCommand.class,
            DoctorCommand.class,
            AclCommand.class,
            KeysCommand.class,
            CompletionCommand.class,
        })
public final class Main implements Runnable {
    private static final int WRONG_USAGE = 2;

    @Spec
    private CommandSpec spec;

    /**
     * Runs a command and ends the process with its exit status.
     *
     * @param args as typed
     */
    public static void main(String[] args) {
        PrintWriter out = StandardOutput.open();
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int status = command(out, err, System::getenv).execute(args);
        try {
            out.flush();
        } catch (NobodyReadsException e) {
            status = 1;
        }
        System.exit(status);
    }

    /** The command with where it prints and what stands in its environment. */
    static CommandLine command(PrintWriter out, PrintWriter err, Function<String, @Nullable String> variables) {
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .registerConverter(Duration.class, Durations::parse)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setDefaultValueProvider(new Environment(variables))
                .setParameterExceptionHandler(Main::misused)
                .setExecutionExceptionHandler(Main::failed);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do, for example: cluster demo");
    }

    private static int misused(ParameterException thrown, String[] args) {
        CommandLine command = thrown.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        say(err, name + ": " + reason(thrown));
        if (thrown instanceof UnmatchedArgumentException unmatched) {
            List<String> known = unmatched.getSuggestions();
            if (!known.isEmpty()) {
                say(err, "Did you mean " + String.join(" or ", known.subList(0, Math.min(3, known.size()))) + "?");
            }
        }
        say(err, "Try: " + name + " --help");
        err.flush();
        return WRONG_USAGE;
    }

    private static String reason(ParameterException thrown) {
        if (thrown instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()
                && !unmatched.getUnmatched().isEmpty()
                && !thrown.getCommandLine().getSubcommands().isEmpty()) {
            return "there is no command " + unmatched.getUnmatched().get(0);
        }
        return String.valueOf(thrown.getMessage());
    }

    private static int failed(Exception thrown, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        Throwable cause = Await.unwrap(thrown);
        if (cause instanceof NobodyReadsException) {
            return 1;
        }
        if (cause instanceof ClusterException
                || cause instanceof IllegalArgumentException
                || cause instanceof IllegalStateException
                || cause instanceof PicocliException
                || cause instanceof IOException
                || cause instanceof UncheckedIOException) {
            command.getOut().flush();
            PrintWriter err = command.getErr();
            say(err, command.getCommandSpec().qualifiedName() + ": " + message(cause));
            err.flush();
            return cause instanceof PicocliException ? WRONG_USAGE : 1;
        }
        throw thrown;
    }

    /** Those of the file system say no more than a name. */
    private static String message(Throwable cause) {
        return cause instanceof java.nio.file.NoSuchFileException missing
                ? "there is no file " + missing.getFile()
                : String.valueOf(cause.getMessage());
    }

    private static void say(PrintWriter err, String text) {
        err.println(Printable.line(text, Output.LONGEST_LINE));
    }
}
