package io.covey.cluster.core.runtime;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/** Whether a thread comes round: each question leaves something for it to do, which the next one looks at. */
public final class Probe {
    private final String what;
    private final Executor thread;
    private final LongSupplier nanos;
    private final long patience;
    private long askedAt;
    private boolean asked;

    /**
     * Asks nothing yet.
     *
     * @param what names the thread, for messages
     * @param thread runs one thing after another
     * @param nanos a monotonic clock
     * @param patience how long it may take to come round
     */
    public Probe(String what, Executor thread, LongSupplier nanos, Duration patience) {
        this.what = what;
        this.thread = thread;
        this.nanos = nanos;
        this.patience = patience.toNanos();
    }

    /**
     * Looks at what the last question left, and leaves something again if that was done.
     *
     * @return what is wrong, in one line; empty if nothing is, or nothing is known yet
     */
    public synchronized Optional<String> trouble() {
        long now = nanos.getAsLong();
        if (asked) {
            long waiting = now - askedAt;
            return waiting < patience
                    ? Optional.empty()
                    : Optional.of(what + " has not come round for "
                            + Duration.ofNanos(waiting).toSeconds() + " s");
        }
        asked = true;
        askedAt = now;
        try {
            thread.execute(this::done);
        } catch (RejectedExecutionException closed) {
            asked = false;
        }
        return Optional.empty();
    }

    private synchronized void done() {
        asked = false;
    }
}
