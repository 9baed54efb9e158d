package io.covey.cluster.cli;

import io.covey.cluster.supervisor.LogFile;
import io.covey.cluster.supervisor.LogSink;
import io.covey.cluster.supervisor.Outcome;
import io.covey.cluster.supervisor.Readiness;
import io.covey.cluster.supervisor.Supervisor;
import io.covey.cluster.supervisor.SupervisorBuilder;
import io.covey.cluster.supervisor.SupervisorEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code cluster start}. */
@Command(
        name = "start",
        customSynopsis = {
            "cluster start [--workers N] [OPTIONS] [OPTIONS OF cluster worker]",
            "cluster start [--workers N] [OPTIONS] -- COMMAND...",
        },
        description = {
            "Keeps many processes at work on this machine: of cluster worker, or of any command.",
            "One that ends, hangs or has too much memory is replaced. SIGTTIN and SIGTTOU: one more, one less. SIGHUP (on "
                    + "Linux SIGUSR2, too): all are replaced one by one, each drained once the next one is ready. SIGTERM and SIGINT: "
                    + "all are drained; once more a second later: all are killed.",
            "A process finds its name in COVEY_NAME. {name}, {slot} and {port} (a free one) are replaced in COMMAND."
        },
        mixinStandardHelpOptions = true)
final class StartCommand implements Callable<Integer> {
    /** That of a node. */
    private static final Duration LONGEST_DRAIN = Duration.ofHours(1);

    @Spec
    private CommandSpec spec;

    @Mixin
    private Output output;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "How many processes (COVEY_WORKERS; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_WORKERS:-2}")
    private int workers;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What the names of the processes begin with (COVEY_NAME; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_NAME:-worker}")
    private String name;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            description =
                    "How long what runs may take at the end of a process, of cluster worker at most 1h; 5 s later "
                            + "it is killed (COVEY_DRAIN; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_DRAIN:-25s}")
    private Duration drain;

    @Option(
            names = "--ready",
            paramLabel = "HOW",
            description = "How a COMMAND is known to be ready. told: it prints a line {\"event\":\"ready\"} or creates "
                    + "$$COVEY_READY_FILE. A URL: it answers with 200 to 299. A time: it has lived so long. The default is "
                    + "told, or 5s as long as no process has told it (COVEY_READY)",
            defaultValue = "${env:COVEY_READY:-" + Option.NULL_VALUE + "}")
    private @Nullable String ready;

    @Option(
            names = "--start-limit",
            paramLabel = "TIME",
            description = "How long a process may take to be ready (COVEY_START_LIMIT; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_START_LIMIT:-60s}")
    private Duration startLimit;

    @Option(
            names = "--liveness",
            paramLabel = "TIME",
            description = "How long a process may give no sign of life, before it is replaced. A COMMAND gives them by "
                    + "touching $$COVEY_LIVE_FILE, if it ever does (COVEY_LIVENESS; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_LIVENESS:-15s}")
    private Duration liveness;

    @Option(
            names = "--max-memory",
            paramLabel = "SIZE",
            description =
                    "A process with more resident memory, such as 600m, is drained and replaced (COVEY_MAX_MEMORY)",
            converter = Sizes.class,
            defaultValue = "${env:COVEY_MAX_MEMORY:-" + Option.NULL_VALUE + "}")
    private @Nullable Long maxMemory;

    @Option(
            names = "--crash-limit",
            paramLabel = "N",
            description = "Give up when a process has failed so often in a row and no other one works "
                    + "(COVEY_CRASH_LIMIT; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_CRASH_LIMIT:-5}")
    private int crashLimit;

    @Option(
            names = "--pid-file",
            paramLabel = "FILE",
            description = "Holds the process id of the supervisor and keeps a second one away (COVEY_PID_FILE)",
            defaultValue = "${env:COVEY_PID_FILE:-" + Option.NULL_VALUE + "}")
    private @Nullable Path pidFile;

    @Option(
            names = "--log-file",
            paramLabel = "FILE",
            description = "Where the lines of the processes go instead (COVEY_LOG_FILE)",
            defaultValue = "${env:COVEY_LOG_FILE:-" + Option.NULL_VALUE + "}")
    private @Nullable Path logFile;

    @Option(
            names = "--log-size",
            paramLabel = "SIZE",
            description = "When FILE becomes FILE.1 and a new one begins (default ${DEFAULT-VALUE})",
            converter = Sizes.class,
            defaultValue = "10m")
    private long logSize;

    @Option(
            names = "--log-keep",
            paramLabel = "N",
            description = "How many full ones are kept (default ${DEFAULT-VALUE})",
            defaultValue = "5")
    private int logKeep;

    @Option(
            names = "--java-options",
            paramLabel = "OPTIONS",
            description = "Of the Java runtimes of cluster worker, such as \"-Xmx512m -XX:+UseSerialGC\" "
                    + "(COVEY_JAVA_OPTIONS)",
            defaultValue = "${env:COVEY_JAVA_OPTIONS:-}")
    private String javaOptions;

    @Unmatched
    private List<String> others = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        ChildCommand child = ChildCommand.of(spec, others);
        if (child.isWorker() && drain.compareTo(LONGEST_DRAIN) > 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--drain is at most 1h where cluster worker is run, was " + drain.toMillis() + "ms");
        }
        SupervisorBuilder builder = child.supervisor(javaOptions)
                .workers(workers)
                .name(name)
                .drain(drain)
                .environment("COVEY_DRAIN", drain.toMillis() + "ms")
                .readiness(readiness(child))
                .startLimit(startLimit)
                .liveness(liveness)
                .crashLoop(crashLimit, Duration.ofSeconds(10))
                .listener(this::tell);
        if (maxMemory != null) {
            builder.memoryLimit(maxMemory);
        }
        if (pidFile != null) {
            builder.pidFile(pidFile);
        }
        try (LogFile log = logFile == null ? null : new LogFile(logFile, logSize, logKeep)) {
            // What a program reads are the events alone.
            builder.log(
                    log == null
                            ? LogSink.to(output.isJson() ? System.err : System.out, System.err)
                            : LogSink.to(log, log));
            return supervise(builder);
        } catch (IOException e) {
            throw new UncheckedIOException("The log file " + logFile + " cannot be written: " + e.getMessage(), e);
        }
    }

    private int supervise(SupervisorBuilder builder) throws InterruptedException {
        Supervisor supervisor = builder.start();
        supervisor.handleSignals();
        Outcome outcome = supervisor.await();
        if (outcome.crashLoop()) {
            output.error("cluster start: " + outcome.message());
            outcome.lastLines().forEach(line -> output.error("  | " + line));
        }
        return outcome.exitStatus();
    }

    private Readiness readiness(ChildCommand child) {
        if (ready == null) {
            return child.isWorker() ? Readiness.told() : Readiness.toldOrAfter(Duration.ofSeconds(5));
        }
        if (ready.equals("told")) {
            return Readiness.told();
        }
        return ready.contains(":") ? Readiness.http(ready) : Readiness.after(Durations.parse(ready));
    }

    private void tell(SupervisorEvent event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", event.name());
        fields.putAll(event.fields());
        output.line("cluster | " + event.text(), fields);
    }
}
