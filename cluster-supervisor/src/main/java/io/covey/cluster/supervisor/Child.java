package io.covey.cluster.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One process from its start to its end. Belongs to the control thread but for what says otherwise. */
final class Child {
    private static final Pattern READY = Pattern.compile("\\s*\\{.*\"event\"\\s*:\\s*\"ready\".*");
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final long BETWEEN_LOOKS = Duration.ofSeconds(1).toNanos();

    private final Placeholders own;
    private final Settings settings;
    /** Its standard input stays open as long as this is referred to. */
    private final Process process;

    private final Path readyFile;
    private final Path liveFile;
    private final Runnable wake;
    private final long startedAt = System.nanoTime();
    private final LastLines lastLines = new LastLines();
    private final Thread out;
    private final Thread error;
    private final Pulse pulse;

    private volatile boolean toldByLine;
    private volatile boolean answeredWell;
    private volatile boolean asking;
    private volatile boolean gone;
    private long askedAt;
    private long weighedAt = startedAt;
    private boolean told;
    private long readyAt = -1;
    private long goneSeenAt = -1;
    private long killAt = -1;
    private boolean draining;
    private boolean killed;
    private boolean ended;

    Child(Placeholders own, Settings settings, Process process, Path readyFile, Path liveFile, Runnable wake) {
        this.own = own;
        this.settings = settings;
        this.process = process;
        this.readyFile = readyFile;
        this.liveFile = liveFile;
        this.wake = wake;
        this.pulse = new Pulse(liveFile, BETWEEN_LOOKS, startedAt);
        this.out = reader("out", process.getInputStream(), false);
        this.error = reader("err", process.getErrorStream(), true);
        process.onExit().thenRun(() -> {
            gone = true;
            wake.run();
        });
    }

    private Thread reader(String role, InputStream stream, boolean isError) {
        Thread thread =
                new Thread(new LineReader(stream, line -> printed(line, isError)), "covey-" + own.name() + "-" + role);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** On the thread of a stream. */
    private void printed(byte[] line, boolean isError) {
        lastLines.add(line);
        if (!isError && !toldByLine && line.length > 0 && isReady(line)) {
            toldByLine = true;
            wake.run();
        }
        try {
            settings.log().line(own.name(), isError, line);
        } catch (RuntimeException | Error e) { // or its pipe would be closed, and the process would end when it prints
            LOG.warn("A line of {} was not taken; the next one is told", own.name(), e);
        }
    }

    private static boolean isReady(byte[] line) {
        return READY.matcher(new String(line, StandardCharsets.UTF_8)).matches();
    }

    String name() {
        return own.name();
    }

    int slot() {
        return own.slot();
    }

    long pid() {
        return process.pid();
    }

    Process process() {
        return process;
    }

    long startedAt() {
        return startedAt;
    }

    List<String> lastLines() {
        return lastLines.list();
    }

    int status() {
        return process.exitValue();
    }

    /** Whether it has said by itself that it is ready, ever. */
    boolean hasTold() {
        if (!told) {
            told = toldByLine || Files.exists(readyFile);
        }
        return told;
    }

    /** Whether it is ready now and was not before. */
    boolean becomesReady(long now, boolean othersTell, @Nullable HttpProbe probe) {
        if (readyAt >= 0 || gone || draining) {
            return false;
        }
        Readiness readiness = settings.readiness();
        boolean ready;
        if (readiness instanceof Readiness.ToldOrAfter guess) {
            ready = hasTold() || !othersTell && now - startedAt >= guess.time().toNanos();
        } else if (readiness instanceof Readiness.After after) {
            ready = now - startedAt >= after.time().toNanos();
        } else if (readiness instanceof Readiness.Http http && probe != null) {
            ready = answeredWell;
            if (!ready && !asking && now - askedAt >= BETWEEN_LOOKS / 4) {
                asking = true;
                askedAt = now;
                probe.ask(this, own.fill(http.url()));
            }
        } else {
            ready = hasTold();
        }
        if (ready) {
            readyAt = now;
        }
        return ready;
    }

    /** On the thread of the probe. */
    void answered(boolean well) {
        answeredWell = well;
        asking = false;
        if (well) {
            wake.run();
        }
    }

    boolean isReady() {
        return readyAt >= 0 && isActive();
    }

    /** How long it has worked, in nanoseconds; 0 if it never became ready. */
    long readyFor(long now) {
        return readyAt < 0 ? 0 : now - readyAt;
    }

    Duration tookToBeReady() {
        return Duration.ofNanos(readyAt - startedAt);
    }

    boolean isLate(long now) {
        return readyAt < 0
                && !gone
                && !draining
                && now - startedAt >= settings.times().start().toNanos();
    }

    /** For how long it has given no sign of life, in nanoseconds. */
    long silentAt(long now) {
        return pulse.silentAt(now);
    }

    /** Asks it to end, once. */
    void drain(long now) {
        if (!draining) {
            draining = true;
            killAt = now + settings.killAfter().toNanos();
            // That of the process itself would close its streams as well, and it has things to say.
            process.toHandle().destroy();
        }
    }

    /** Whether it lives, and nobody has asked it to end. */
    boolean isActive() {
        return !gone && !draining;
    }

    boolean isOverdue(long now) {
        return draining && !killed && !gone && now - killAt >= 0;
    }

    /** Kills it and what it started; whether it was not killed before. */
    boolean kill() {
        if (killed || gone) {
            return false;
        }
        killed = true;
        draining = true;
        // What it started counts for its limits, too. Without it, it would belong to nobody.
        List<ProcessHandle> started;
        try (Stream<ProcessHandle> all = process.descendants()) {
            started = all.toList();
        } finally {
            process.toHandle().destroyForcibly();
        }
        started.forEach(ProcessHandle::destroyForcibly);
        return true;
    }

    /** Whether it has ended now, with all that it printed, and had not before. What it started may hold its output open. */
    boolean becomesEnded(long now) {
        if (!gone || ended) {
            return false;
        }
        if (goneSeenAt < 0) {
            goneSeenAt = now;
        }
        ended = hasPrinted() || now - goneSeenAt >= BETWEEN_LOOKS;
        if (ended) {
            Leftovers.delete(readyFile);
            Leftovers.delete(liveFile);
        }
        return ended;
    }

    boolean hasPrinted() {
        return !out.isAlive() && !error.isAlive();
    }

    /** Waits until all that it printed was passed on; not for ever, since what it started may print on. */
    void awaitOutput(long deadline) {
        try {
            out.join(millisUntil(deadline));
            error.join(millisUntil(deadline));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void awaitEnd(long deadline) {
        try {
            process.waitFor(millisUntil(deadline), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** At least 1, since 0 is for ever. */
    private static long millisUntil(long deadline) {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    }

    /** Whether so much time has passed since the last time that this was said. */
    boolean isDueToBeWeighed(long now, long every) {
        if (now - weighedAt < every) {
            return false;
        }
        weighedAt = now;
        return true;
    }

    /** Has a Java process print what its threads do, so that one can see why it hangs. */
    void printThreads() {
        try {
            new ProcessBuilder("kill", "-QUIT", Long.toString(pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            LOG.debug("The threads of {} are not printed", name(), e);
        }
    }
}
