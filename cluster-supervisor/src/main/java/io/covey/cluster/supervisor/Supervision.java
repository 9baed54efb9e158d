package io.covey.cluster.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a process says to the {@link Supervisor} that started it. A program in another language says the same by hand: it
 * creates the file {@code $COVEY_READY_FILE}, touches the file {@code $COVEY_LIVE_FILE} from its loops, and takes the end of
 * its standard input for the end of its supervisor. Thread-safe.
 *
 * <pre>{@code
 * Optional<Supervision> supervision = Supervision.current();
 * supervision.ifPresent(s -> s.endWithSupervisor(() -> cluster.close(Duration.ofSeconds(2))));
 * ...
 * supervision.ifPresent(Supervision::ready);
 * }</pre>
 */
public final class Supervision {
    static final String SUPERVISOR = "COVEY_SUPERVISOR";
    static final String NAME = "COVEY_NAME";
    static final String INCARNATION = "COVEY_INCARNATION";
    static final String PORT = "COVEY_CHILD_PORT";
    static final String READY_FILE = "COVEY_READY_FILE";
    static final String LIVE_FILE = "COVEY_LIVE_FILE";

    /** How long a process may live on after its supervisor. */
    static final Duration AFTERLIFE = Duration.ofSeconds(4);

    private static final Optional<Supervision> CURRENT = of(System.getenv());

    private final Path ready;
    private final Path live;
    private final AtomicBoolean watches = new AtomicBoolean();

    private Supervision(Path ready, Path live) {
        this.ready = ready;
        this.live = live;
    }

    /**
     * The supervisor of this process.
     *
     * @return empty if this process was not started by a supervisor
     */
    public static Optional<Supervision> current() {
        return CURRENT;
    }

    static Optional<Supervision> of(Map<String, String> environment) {
        String ready = environment.get(READY_FILE);
        String live = environment.get(LIVE_FILE);
        return ready == null || live == null
                ? Optional.empty()
                : Optional.of(new Supervision(Path.of(ready), Path.of(live)));
    }

    /**
     * Says that this process works: in a rolling restart the one before it may be drained now.
     *
     * @throws UncheckedIOException if it cannot be said
     */
    public void ready() {
        touch(ready);
    }

    /**
     * Says that this process gets on. To be called from where the work is done, or by who has seen it go on since the last
     * call, and not by a timer alone: a process that has said this once and does not say it for longer than the limit of its
     * supervisor is taken for hung and replaced. Once a second is often enough. Does nothing if the supervisor has ended.
     *
     * @throws UncheckedIOException if it cannot be said
     */
    public void beat() {
        touch(live);
    }

    private static void touch(Path file) {
        try {
            if (Files.exists(file)) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            } else {
                Files.write(file, new byte[0]);
            }
        } catch (NoSuchFileException e) {
            // The supervisor has ended and taken its folder with it.
        } catch (IOException e) {
            throw new UncheckedIOException("The supervisor cannot be told by " + file + ": " + e, e);
        }
    }

    /**
     * Has this process end with its supervisor, however that ends: the action is run once the supervisor is gone, and 4 s
     * later this process is ended, whatever it does then. Reads the standard input, which must be left alone. Only the first
     * call does this.
     *
     * @param action ends this process in order, on a thread of its own
     */
    public void endWithSupervisor(Runnable action) {
        if (!watches.compareAndSet(false, true)) {
            return;
        }
        Thread thread = new Thread(() -> watch(action), "covey-supervisor-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch(Runnable action) {
        try {
            while (System.in.read() >= 0) {
                // Only its end counts.
            }
        } catch (IOException e) {
            // It has ended, too.
        }
        Thread ending = new Thread(action, "covey-supervisor-gone");
        ending.setDaemon(true);
        ending.start();
        clear();
        long end = System.nanoTime() + AFTERLIFE.toNanos();
        try {
            Thread.sleep(Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
        } catch (InterruptedException e) {
            // Somebody wants this thread to end: at once, then.
        }
        Runtime.getRuntime().halt(1);
    }

    /** What the supervisor would have removed; the folder goes with the last process. */
    private void clear() {
        Leftovers.delete(ready);
        Leftovers.delete(live);
        Path folder = ready.getParent();
        if (folder != null) {
            Leftovers.delete(folder);
        }
    }
}
