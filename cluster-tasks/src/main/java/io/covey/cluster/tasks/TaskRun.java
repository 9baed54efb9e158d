package io.covey.cluster.tasks;

import io.covey.cluster.LeaseLostException;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Dedupe.Unique;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.tasks.WorkerListener.Ran;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A claimed task from its claim to its settlement: whether it is still ours, and what is wanted of it. */
final class TaskRun {

    /** Asks the backend whether a run is still ours and waits for the answer. */
    @FunctionalInterface
    interface Confirmation {
        void await(TaskRun run);
    }

    private static final long NOT_RUN = -1;

    private final Lease lease;
    private final WorkedQueue source;
    private final Handlers.@Nullable Bound<?> bound;
    private final WorkerTime time;
    private final Confirmation confirmation;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile long confirmedAt;
    private volatile boolean lost;
    private volatile boolean stopping;
    private volatile boolean cancelled;
    private volatile boolean timedOut;
    private volatile boolean discarded;
    private volatile boolean unlocked;
    private volatile boolean ended;
    private volatile long startedAt;
    private @Nullable Thread thread;
    private @Nullable TaskContext handled;
    private long took = NOT_RUN;
    private boolean returned;

    /**
     * Nanoseconds of the worker's clock: {@code claimedAt} is when the claim was first sent. {@code bound} is its type's
     * handler.
     */
    TaskRun(
            Lease lease,
            WorkedQueue source,
            Handlers.@Nullable Bound<?> bound,
            WorkerTime time,
            long claimedAt,
            Confirmation confirmation) {
        this.lease = lease;
        this.source = source;
        this.bound = bound;
        this.time = time;
        this.confirmedAt = claimedAt;
        this.confirmation = confirmation;
    }

    Lease lease() {
        return lease;
    }

    WorkedQueue source() {
        return source;
    }

    Handlers.@Nullable Bound<?> bound() {
        return bound;
    }

    Optional<Content.Readable> content() {
        return lease.content() instanceof Content.Readable readable ? Optional.of(readable) : Optional.empty();
    }

    /** The lock that it holds: by its content where the queue's kind can tell, else by what its type says. */
    @Nullable
    Unique unique() {
        if (!(lease.content() instanceof Content.Readable readable)) {
            return null;
        }
        if (readable.unique().isPresent()) {
            return readable.unique().get();
        }
        return bound == null ? null : bound.unique(readable.args());
    }

    /** Of all runs of a type that has a handler the same object, which whoever counts them finds quickly. */
    String type() {
        if (bound != null) {
            return bound.type().name();
        }
        return lease.content() instanceof Content.Readable readable ? readable.type() : "";
    }

    /** As its producer knows it, where the queue can tell. */
    String id() {
        return lease.content() instanceof Content.Readable readable
                ? readable.id().orElse(lease.id())
                : lease.id();
    }

    String queue() {
        return lease.queue();
    }

    WorkerEvent.TaskRef ref() {
        return new WorkerEvent.TaskRef(lease.queue(), id(), type(), lease.attempt());
    }

    boolean stillMine() {
        return !lost && time.nanos() - confirmedAt < time.lease();
    }

    void assertMine() {
        if (!lost && !stillMine()) {
            confirmation.await(this);
        }
        if (lost) {
            throw new LeaseLostException("Lost the lease of " + ref() + "; it will run again elsewhere");
        }
    }

    /** The backend said so in answer to a call that was sent then. */
    void confirm(long sentAt) {
        lock.lock();
        try {
            if (sentAt - confirmedAt > 0) {
                confirmedAt = sentAt;
            }
        } finally {
            lock.unlock();
        }
    }

    boolean lost() {
        return lost;
    }

    boolean stopping() {
        return stopping;
    }

    boolean cancelled() {
        return cancelled;
    }

    boolean timedOut() {
        return timedOut;
    }

    /** Whether somebody wants its handler to end, or it has: nobody waits for an answer any more. */
    boolean toEnd() {
        return lost || stopping || cancelled || timedOut || ended;
    }

    /** Its handler is called with this. On the thread that runs it. */
    void handled(TaskContext context) {
        handled = context;
    }

    /** What its handler was called with, if it was. On the thread that runs it, or after its end. */
    @Nullable
    TaskContext handled() {
        return handled;
    }

    /** It has run for so long, and its end is to be told. On the thread that runs it, before its end is handed on. */
    void ran(long nanos, boolean didReturn) {
        took = nanos;
        returned = didReturn;
    }

    /** What there is to count of it if it has run and its end was to be told; null if not. After its end. */
    @Nullable
    Ran ran(boolean done, long now) {
        return took == NOT_RUN ? null : ran(took, returned, done, now);
    }

    /** What there is to count of it; null if it has no handler that was called. After its end. */
    @Nullable
    Ran ran(long nanos, boolean didReturn, boolean done, long now) {
        return handled == null ? null : new Ran(handled, now - startedAt, nanos, didReturn, done);
    }

    /** Its end does not count as done. */
    void discard() {
        discarded = true;
    }

    boolean discarded() {
        return discarded;
    }

    /** Its lock as a unique task was freed because it starts. */
    void unlock() {
        unlocked = true;
    }

    boolean unlocked() {
        return unlocked;
    }

    boolean started() {
        return startedAt != 0;
    }

    long startedAt() {
        return startedAt;
    }

    /** Whether its handler has returned, or it was given up. */
    boolean ended() {
        return ended;
    }

    /** Takes the thread that it runs on; false if it must not start. */
    boolean begin() {
        lock.lock();
        try {
            if (ended || lost || cancelled) {
                return false;
            }
            thread = Thread.currentThread();
            startedAt = time.nanos();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends it once: true for the one who may say how it ended. No interrupt meant for it comes after. */
    boolean end() {
        lock.lock();
        try {
            boolean first = !ended;
            ended = true;
            if (thread == Thread.currentThread()) {
                thread = null;
                Thread.interrupted();
            }
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** Ends it if it has not begun, which it then will not. */
    boolean endUnstarted() {
        lock.lock();
        try {
            boolean first = !ended && !started();
            ended |= first;
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** It is another's. True if this was news. */
    boolean lose() {
        lock.lock();
        try {
            boolean news = !lost;
            lost = true;
            interrupt();
            return news;
        } finally {
            lock.unlock();
        }
    }

    /** The worker's drain time is over. */
    void stop() {
        lock.lock();
        try {
            stopping = true;
            interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Somebody wants it to be stopped. True if this was news and it has not ended. */
    boolean cancel() {
        lock.lock();
        try {
            boolean news = !cancelled && !ended;
            if (news) {
                cancelled = true;
                interrupt();
            }
            return news;
        } finally {
            lock.unlock();
        }
    }

    /** Its time is over. True if it has not ended. */
    boolean timeOut() {
        lock.lock();
        try {
            timedOut = !ended;
            if (timedOut) {
                interrupt();
            }
            return timedOut;
        } finally {
            lock.unlock();
        }
    }

    /** Given back although its handler does not return: from now on it is not ours. True if it had not ended. */
    boolean abandon() {
        lock.lock();
        try {
            boolean first = !ended;
            ended = true;
            lost = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    private void interrupt() {
        if (thread != null && !ended) {
            thread.interrupt();
        }
    }
}
