package io.covey.cluster.supervisor;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the service is. Java has no datagrams on unix sockets, so the program {@code systemd-notify} says it; the
 * unit needs {@code NotifyAccess=all} for that.
 */
final class ServiceNotice {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final long PATIENCE_SECONDS = 10;

    private final String program;
    private final ExecutorService thread;
    private final long watchdog;
    private final AtomicBoolean beating = new AtomicBoolean();
    private boolean failed;
    private long lastBeat;

    private ServiceNotice(String name, String program, long watchdog) {
        this.program = program;
        this.watchdog = watchdog;
        this.thread = Executors.newSingleThreadExecutor(body -> {
            Thread each = new Thread(body, "covey-" + name + "-notify");
            each.setDaemon(true);
            return each;
        });
    }

    /** Null if no service manager wants to hear. */
    static @Nullable ServiceNotice of(String name, String program, Map<String, String> environment) {
        if (environment.getOrDefault("NOTIFY_SOCKET", "").isEmpty()) {
            return null;
        }
        return new ServiceNotice(name, program, watchdog(environment));
    }

    /** Half of what systemd waits, in nanoseconds; 0 for no watchdog, or if it is meant for another process. */
    static long watchdog(Map<String, String> environment) {
        String pid = environment.get("WATCHDOG_PID");
        if (pid != null && !pid.equals(Long.toString(ProcessHandle.current().pid()))) {
            return 0;
        }
        try {
            return TimeUnit.MICROSECONDS.toNanos(Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"))) / 2;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    void ready(String status) {
        // What follows a line feed would be another variable.
        send("READY=1", "STATUS=" + status.replaceAll("\\p{Cntrl}", " "));
    }

    void reloading() {
        send("RELOADING=1", "MONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
    }

    void stopping() {
        send("STOPPING=1");
    }

    /** From the control thread: what proves that it comes round. */
    void beat(long now) {
        // One at a time: where telling takes long, others have to be told as well.
        if (watchdog > 0 && now - lastBeat >= watchdog && beating.compareAndSet(false, true)) {
            lastBeat = now;
            thread.execute(() -> {
                beating.set(false);
                run(List.of("WATCHDOG=1"));
            });
        }
    }

    private void send(String... states) {
        thread.execute(() -> run(List.of(states)));
    }

    private void run(List<String> states) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(states);
        String problem = null;
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                problem = "it does not end";
            } else if (process.exitValue() != 0) {
                problem = "it ended with status " + process.exitValue();
            }
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (problem != null && !failed) {
            failed = true;
            LOG.warn(
                    "systemd cannot be told {} by {} ({}); install it, or set Type=exec and no WatchdogSec in the unit",
                    states,
                    program,
                    problem);
        }
    }

    void close(Duration patience) {
        thread.shutdown();
        try {
            thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
