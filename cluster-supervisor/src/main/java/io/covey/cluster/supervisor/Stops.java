package io.covey.cluster.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a supervisor hears of the world outside: by signals, and when its process ends. */
final class Stops {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Path TERMINAL = Path.of("/dev/tty");
    /** Some send a signal to a process and to its group, and mean it once. */
    private static final long ONCE = Duration.ofSeconds(1).toNanos();

    private final Supervisor supervisor;
    private final AtomicLong firstAt = new AtomicLong();
    private final Thread hook;

    Stops(Supervisor supervisor) {
        this.supervisor = supervisor;
        this.hook = new Thread(
                () -> {
                    supervisor.stop("The process of the supervisor ends");
                    supervisor.awaitEnd();
                },
                "covey-supervisor-shutdown");
    }

    void atShutdown() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    void ended() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("The process ends already");
        }
    }

    void handleSignals() {
        boolean inTerminal = hasTerminal();
        Signals.on("TTIN", supervisor::grow);
        Signals.on("TTOU", supervisor::shrink);
        // A JVM that uses it itself is ended by one from outside (JDK-8288556), and would send itself many (JFR).
        Signals.on("USR2", Signals.isUsr2Free(System.getenv()) ? supervisor::rollingRestart : () -> {});
        Signals.on("HUP", () -> {
            if (inTerminal && !hasTerminal()) {
                supervisor.stop("The terminal is gone");
            } else {
                supervisor.rollingRestart();
            }
        });
        Signals.on("TERM", () -> terminate("SIGTERM"));
        Signals.on("INT", () -> terminate("SIGINT"));
    }

    private void terminate(String signal) {
        long now = System.nanoTime();
        if (firstAt.compareAndSet(0, now == 0 ? 1 : now)) {
            supervisor.stop(signal + " came");
        } else if (now - firstAt.get() > ONCE) {
            supervisor.kill(signal + " came again");
        }
    }

    /** Whether this process belongs to a terminal; one that was closed cannot be opened. */
    private static boolean hasTerminal() {
        try (InputStream terminal = Files.newInputStream(TERMINAL)) {
            return terminal != null;
        } catch (IOException e) {
            return false;
        }
    }
}
