package io.covey.cluster.core.cache;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One load of one key, for which many may wait. Whoever comes first runs it; what it finds is the bytes of a value. */
final class Flight {
    private final Load load;
    private final CompletableFuture<Optional<byte[]>> landing = new CompletableFuture<>();
    private final AtomicReference<@Nullable Thread> runner = new AtomicReference<>();
    private volatile boolean aside;
    private volatile boolean forgotten;

    Flight(Load load) {
        this.load = load;
    }

    /** Runs it on this thread unless somebody does. What is thrown goes to those who wait. */
    void run() {
        run(false);
    }

    /** As {@link #run}, on a thread of the node's, which nobody interrupts but its close. */
    void runAside() {
        run(true);
    }

    private void run(boolean onThreadOfNode) {
        if (!runner.compareAndSet(null, Thread.currentThread())) {
            return;
        }
        aside = onThreadOfNode;
        try {
            landing.complete(load.run(this));
        } catch (Throwable thrown) {
            boolean interrupted = thrown instanceof InterruptedException;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            landing.completeExceptionally(
                    interrupted || !aside && Thread.currentThread().isInterrupted()
                            ? new AbandonedException(thrown)
                            : thrown);
        }
    }

    boolean isRunAside() {
        return aside;
    }

    boolean isRunByThisThread() {
        return runner.get() == Thread.currentThread() && !landing.isDone();
    }

    CompletableFuture<Optional<byte[]>> landing() {
        return landing;
    }

    /** What it finds is not to be stored. */
    void forget() {
        forgotten = true;
    }

    boolean isForgotten() {
        return forgotten;
    }

    /** What is to be done. */
    @FunctionalInterface
    interface Load {

        /** The bytes of the value, empty if there is none. */
        Optional<byte[]> run(Flight flight) throws Exception;
    }

    /** Whoever ran it was interrupted, which is nobody else's concern. */
    static final class AbandonedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AbandonedException(Throwable cause) {
            super("the thread that loaded was interrupted", cause);
        }
    }
}
