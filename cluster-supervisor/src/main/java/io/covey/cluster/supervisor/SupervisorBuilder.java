package io.covey.cluster.supervisor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a {@link Supervisor}. Not thread-safe. */
public final class SupervisorBuilder {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,39}");
    private static final int MOST_WORKERS = 1000;

    private final List<String> command;
    private final boolean java;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private Map<String, String> serviceEnvironment = System.getenv();
    private String name = "worker";
    private boolean watching;
    private int workers = 1;
    private Readiness readiness = Readiness.told();
    private Duration startLimit = Duration.ofSeconds(60);
    private Duration drain = Duration.ofSeconds(25);
    private Duration grace = Duration.ofSeconds(5);
    /** Three beats of a node: the others take it for dead then. */
    private Duration silence = Duration.ofSeconds(15);

    private Duration backoff = Duration.ofMillis(250);
    private Duration longestBackoff = Duration.ofSeconds(60);
    private Duration stable = Duration.ofSeconds(10);
    private int crashLimit = 5;
    private OptionalLong memory = OptionalLong.empty();
    private LogSink log = LogSink.to(System.out, System.err);
    private @Nullable Path pidFile;
    private String notifier = "systemd-notify";
    private Consumer<SupervisorEvent> listener = event -> {};

    SupervisorBuilder(List<String> command, boolean java) {
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw new IllegalArgumentException("the command of a supervisor must not be empty");
        }
        this.command = new ArrayList<>(command);
        this.java = java;
    }

    /**
     * Sets how many processes there are.
     *
     * @param count 1 to 1,000, default 1
     * @return this
     */
    public SupervisorBuilder workers(int count) {
        this.workers = Limits.within("the number of processes", count, 1, MOST_WORKERS);
        return this;
    }

    /**
     * Sets what the names of the processes begin with.
     *
     * @param text {@code [A-Za-z0-9_][A-Za-z0-9_.-]{0,39}}, default {@code worker}
     * @return this
     */
    public SupervisorBuilder name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("the name of processes must match " + NAME + ", was \"" + text + "\"");
        }
        this.name = text;
        return this;
    }

    /**
     * Adds options of the Java runtime, such as {@code -Xmx512m}.
     *
     * @param options an option each
     * @return this
     * @throws IllegalStateException if the program was not given as a Java program
     */
    public SupervisorBuilder jvmOptions(List<String> options) {
        if (!java) {
            throw new IllegalStateException("options of the Java runtime go into the command");
        }
        command.addAll(1, options);
        return this;
    }

    /**
     * Sets a variable of the environment of the processes, which is that of this process otherwise. Secrets belong here, or
     * into a file: the arguments of a process are seen by everybody on the machine.
     *
     * @param variable its name
     * @param value its value
     * @return this
     */
    public SupervisorBuilder environment(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /**
     * Says that the processes end by themselves when the supervisor is gone, as {@link Supervision#endWithSupervisor} has
     * them do. Others are killed by the kernel then, by {@code setpriv --pdeathsig}; where there is no {@code setpriv} they
     * live on.
     *
     * @return this
     */
    public SupervisorBuilder endsWithSupervisor() {
        this.watching = true;
        return this;
    }

    /**
     * Sets how a process is known to be ready.
     *
     * @param way default {@link Readiness#told()}
     * @return this
     */
    public SupervisorBuilder readiness(Readiness way) {
        this.readiness = way;
        return this;
    }

    /**
     * Sets how long a process may take to be ready; then it is taken for failed.
     *
     * @param time default 60 s
     * @return this
     */
    public SupervisorBuilder startLimit(Duration time) {
        this.startLimit = Limits.positive("the start limit", time);
        return this;
    }

    /**
     * Sets how long a process may take to end after SIGTERM; 5 s later it is killed.
     *
     * @param time default 25 s
     * @return this
     */
    public SupervisorBuilder drain(Duration time) {
        this.drain = Limits.positive("the drain time", time);
        return this;
    }

    /**
     * Sets how long a process may give no sign of life, see {@link Supervision#beat()}; then it is asked to end, and another
     * one is started at once. One that never gave any is not asked for it.
     *
     * @param time default 15 s, which is as long as a node may be silent before the others take it for dead
     * @return this
     */
    public SupervisorBuilder liveness(Duration time) {
        this.silence = Limits.positive("the liveness limit", time);
        return this;
    }

    /**
     * Sets the pause before a process is started after a failure. It doubles with each failure in a row.
     *
     * @param first default 250 ms
     * @param longest default 60 s
     * @return this
     */
    public SupervisorBuilder backoff(Duration first, Duration longest) {
        this.backoff = Limits.positive("the back-off", first);
        this.longestBackoff = Limits.positive("the longest back-off", longest);
        return this;
    }

    /**
     * Sets after how many failures in a row at one place the supervisor gives up, if no other process works; three that take
     * more than 20 s are enough as well. A failure is a process that could not be started, ended unasked, or had to be
     * replaced, before it had worked for the stable time.
     *
     * @param failures 1 to 1,000, default 5
     * @param stableTime default 10 s
     * @return this
     */
    public SupervisorBuilder crashLoop(int failures, Duration stableTime) {
        this.crashLimit = Limits.within("the limit of failures in a row", failures, 1, 1000);
        this.stable = Limits.positive("the stable time", stableTime);
        return this;
    }

    /**
     * Sets how much memory a process, with those that it started, may have: the resident set, looked at twice a second. One
     * that has more is drained and replaced, one place at a time; one that has half as much again is killed. Linux only.
     *
     * @param bytes at least 1 MiB; by default there is no limit
     * @return this
     */
    public SupervisorBuilder memoryLimit(long bytes) {
        if (bytes < 1024 * 1024) {
            throw new IllegalArgumentException("the memory limit must be at least 1 MiB, was " + bytes + " bytes");
        }
        this.memory = OptionalLong.of(bytes);
        return this;
    }

    /**
     * Sets who takes what the processes print.
     *
     * @param sink default this process's own standard output and standard error, with the name before each line
     * @return this
     */
    public SupervisorBuilder log(LogSink sink) {
        this.log = sink;
        return this;
    }

    /**
     * Sets a file for the process id of the supervisor. It is locked meanwhile, so that there is one supervisor for a file;
     * one that is left over is taken.
     *
     * @param file where; neither a link nor anybody else's, and no {@code ..} in its path
     * @return this
     */
    public SupervisorBuilder pidFile(Path file) {
        SafeFiles.requirePlainPath("pid file", file);
        this.pidFile = file;
        return this;
    }

    /**
     * Sets who hears what happens: in order, on a thread of the supervisor's for this alone.
     *
     * @param hears the listener
     * @return this
     */
    public SupervisorBuilder listener(Consumer<SupervisorEvent> hears) {
        this.listener = hears;
        return this;
    }

    /** For who does not want to wait for it. */
    SupervisorBuilder grace(Duration time) {
        this.grace = time;
        return this;
    }

    /** Where there is no systemd. */
    SupervisorBuilder service(String program, Map<String, String> variables) {
        this.notifier = program;
        this.serviceEnvironment = Map.copyOf(variables);
        return this;
    }

    /**
     * Starts the processes. Returns at once.
     *
     * @return the supervisor
     * @throws IllegalStateException if another supervisor has the pid file, or it is not ours
     * @throws java.io.UncheckedIOException if the pid file cannot be written
     */
    public Supervisor start() {
        return Supervisor.start(new Settings(
                name,
                List.copyOf(command),
                Map.copyOf(environment),
                watching,
                java,
                workers,
                readiness,
                new Settings.Times(startLimit, drain, grace, silence, backoff, longestBackoff, stable),
                crashLimit,
                memory,
                log,
                pidFile,
                notifier,
                serviceEnvironment,
                listener));
    }
}
