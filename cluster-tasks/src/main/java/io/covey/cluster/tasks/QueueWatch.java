package io.covey.cluster.tasks;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.TaskBroker;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Listens for hints about the queues that are served now. */
final class QueueWatch implements Registration {
    private final TaskBroker broker;
    private final Consumer<String> hint;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Registration registration;
    private boolean closed;

    QueueWatch(TaskBroker broker, Consumer<String> hint) {
        this.broker = broker;
        this.hint = hint;
    }

    /** Listens anew, and to nothing else any more. */
    void watch(Set<String> queues) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            Registration before = registration;
            registration = queues.isEmpty() ? null : broker.watch(queues, hint);
            if (before != null) {
                before.close();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (registration != null) {
                registration.close();
                registration = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
