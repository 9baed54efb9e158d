package io.covey.cluster.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a number of processes of one program at work on this machine. One that ends is started again, later with each failure
 * in a row; one that hangs or has too much memory is drained and replaced; all are replaced one by one without a gap when
 * asked. No two processes ever have the same name. When the supervisor stops it drains all of them, and when it dies, however
 * it dies, they end. Thread-safe.
 *
 * <pre>{@code
 * Supervisor supervisor = Supervisor.java("app.jar", "com.example.Worker").workers(4).start();
 * supervisor.handleSignals();
 * System.exit(supervisor.await().exitStatus());
 * }</pre>
 *
 * <p>Each process finds in its environment {@code COVEY_NAME}, its name; {@code COVEY_INCARNATION}, which no other process
 * anywhere has; {@code COVEY_SUPERVISOR}, the process id of this one; and the files that {@link Supervision} describes.
 * {@code {name}}, {@code {slot}} and {@code {port}}, which is a free port of the loopback address, are replaced in the words
 * of the command, in values of the environment that were set here, and in the URL of {@link Readiness#http}.
 */
public final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Settings settings;
    final ControlLoop loop;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final Stops stops = new Stops(this);

    private Supervisor(Settings settings, ControlLoop loop) {
        this.settings = settings;
        this.loop = loop;
    }

    /**
     * Starts from the default settings, for any program.
     *
     * @param command the program and its arguments
     * @return a builder
     * @throws IllegalArgumentException if it is empty
     */
    public static SupervisorBuilder command(List<String> command) {
        return new SupervisorBuilder(command, false);
    }

    /**
     * Starts from the default settings, for a Java program on the runtime of this process.
     *
     * @param classPath its class path
     * @param mainClass its main class
     * @param arguments its arguments
     * @return a builder
     */
    public static SupervisorBuilder java(String classPath, String mainClass, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath, mainClass));
        command.addAll(List.of(arguments));
        return new SupervisorBuilder(command, true);
    }

    /** Takes the pid file, and has the control thread start the processes. */
    static Supervisor start(Settings settings) {
        Path pidPath = settings.pidFile();
        PidFile pidFile = pidPath == null ? null : PidFile.take(pidPath);
        try {
            Path folder = Files.createTempDirectory("covey-" + settings.name() + "-");
            return run(settings, folder, pidFile);
        } catch (IOException e) {
            if (pidFile != null) {
                pidFile.close();
            }
            throw new UncheckedIOException("A folder for what the processes say cannot be made: " + e.getMessage(), e);
        }
    }

    private static Supervisor run(Settings settings, Path folder, @Nullable PidFile pidFile) throws IOException {
        String name = settings.name();
        EventDelivery events = new EventDelivery(name, settings.listener());
        ServiceNotice notice = ServiceNotice.of(name, settings.notifier(), settings.serviceEnvironment());
        HttpProbe probe = settings.readiness() instanceof Readiness.Http ? new HttpProbe(name) : null;
        ControlLoop loop = new ControlLoop(settings, new Launcher(settings, folder), events, notice, probe);
        Supervisor supervisor = new Supervisor(settings, loop);
        Thread control = new Thread(
                () -> {
                    Outcome end = supervisor.control();
                    supervisor.end(() -> Leftovers.deleteFolder(folder));
                    supervisor.end(() -> events.tell(new SupervisorEvent.Stopped(end)));
                    supervisor.end(() -> events.close(PATIENCE));
                    if (notice != null) {
                        supervisor.end(() -> notice.close(PATIENCE));
                    }
                    if (probe != null) {
                        supervisor.end(probe::close);
                    }
                    if (pidFile != null) {
                        supervisor.end(pidFile::close);
                    }
                    supervisor.end(supervisor.stops::ended);
                    supervisor.outcome.complete(end);
                },
                "covey-" + name + "-supervisor");
        control.setDaemon(true);
        supervisor.stops.atShutdown();
        control.start();
        return supervisor;
    }

    /** Whatever happens: somebody waits for the outcome, and no process is to be left without a supervisor. */
    private Outcome control() {
        try {
            return loop.run();
        } catch (Throwable e) {
            LOG.error("The supervisor {} cannot go on; its processes are killed", settings.name(), e);
            return loop.abandon(e);
        }
    }

    private void end(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            LOG.error("The supervisor {} met an unexpected error at its end", settings.name(), e);
        }
    }

    /**
     * Has signals reach this supervisor: TTIN is {@link #grow()}, TTOU is {@link #shrink()}, HUP is
     * {@link #rollingRestart()}, TERM and INT are {@link #stop}, and a further TERM or INT more than a second later is
     * {@link #kill}. HUP is a stop if it says that the terminal is gone. USR2 is as HUP where the Java runtime does not use
     * it itself: where {@code _JAVA_SR_SIGNUM} in the environment has named another signal for that since the start; elsewhere
     * it does nothing, and JFR takes no samples of threads. For the whole process, so for one supervisor only.
     */
    public void handleSignals() {
        stops.handleSignals();
    }

    /** Adds a process. Returns at once. */
    public void grow() {
        loop.order(loop::grow);
    }

    /** Drains the process of the last place and gives the place up, unless it is the only one. Returns at once. */
    public void shrink() {
        loop.order(loop::shrink);
    }

    /**
     * Replaces all processes, one after the other: the new one is ready before the old one is asked to end. If a new one does
     * not become ready, or ends within a tenth of the stable time, those that were not replaced stay. Asked for while one is
     * under way, another follows. Returns at once.
     */
    public void rollingRestart() {
        loop.order(loop::rollout);
    }

    /**
     * Asks all processes to end, and kills those that have not done so in the drain time and 5 s. Returns at once.
     *
     * @param reason why, for people
     */
    public void stop(String reason) {
        loop.order(() -> loop.stop(reason));
    }

    /**
     * Kills all processes. Returns at once.
     *
     * @param reason why, for people
     */
    public void kill(String reason) {
        loop.order(() -> loop.killAll(reason));
    }

    /**
     * The processes that have a place now; not those that drain.
     *
     * @return a copy
     */
    public List<ChildStatus> children() {
        List<ChildStatus> children = new ArrayList<>();
        for (Slot slot : loop.slots()) {
            Child child = slot.current();
            if (child != null) {
                children.add(new ChildStatus(child.name(), child.slot(), child.pid(), child.isReady()));
            }
        }
        return children;
    }

    /**
     * Waits until the supervisor and all its processes have ended.
     *
     * @return how
     * @throws InterruptedException if interrupted; the supervisor goes on
     */
    public Outcome await() throws InterruptedException {
        try {
            return outcome.get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("The supervisor " + settings.name() + " ended", e.getCause());
        }
    }

    /** Stops, and waits until all processes have ended. */
    @Override
    public void close() {
        stop("The supervisor is closed");
        awaitEnd();
    }

    /** However long the listener takes. */
    void awaitEnd() {
        Duration most = settings.killAfter().plus(PATIENCE.multipliedBy(4));
        try {
            outcome.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            LOG.warn("The supervisor {} did not end in {}", settings.name(), most);
        }
    }
}
