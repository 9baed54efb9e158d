package io.covey.cluster.tasks;

import io.covey.cluster.LeaseLostException;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Lease;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A claimed task from its claim to its settlement: what its handler sees, and whether it is still ours. */
final class TaskRun implements TaskContext {

    /** Asks the backend whether a run is still ours and waits for the answer. */
    @FunctionalInterface
    interface Confirmation {
        void await(TaskRun run);
    }

    private final Lease lease;
    private final WorkedQueue source;
    private final WorkerTime time;
    private final Confirmation confirmation;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile long confirmedAt;
    private volatile boolean lost;
    private volatile boolean stopping;
    private volatile boolean ended;
    private volatile long startedAt;
    private @Nullable Thread thread;

    /** Nanoseconds of the worker's clock: {@code claimedAt} is when the claim was first sent. */
    TaskRun(Lease lease, WorkedQueue source, WorkerTime time, long claimedAt, Confirmation confirmation) {
        this.lease = lease;
        this.source = source;
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

    String type() {
        return lease.content() instanceof Content.Readable readable ? readable.type() : "";
    }

    WorkerEvent.TaskRef ref() {
        return new WorkerEvent.TaskRef(lease.queue(), lease.id(), type(), lease.attempt());
    }

    @Override
    public String id() {
        return lease.id();
    }

    @Override
    public String queue() {
        return lease.queue();
    }

    @Override
    public int attempt() {
        return lease.attempt();
    }

    @Override
    public int deliveries() {
        return lease.deliveries();
    }

    @Override
    public long fence() {
        return lease.fence();
    }

    @Override
    public boolean stillMine() {
        return !lost && time.nanos() - confirmedAt < time.lease();
    }

    @Override
    public void assertMine() {
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
            if (ended || lost) {
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
