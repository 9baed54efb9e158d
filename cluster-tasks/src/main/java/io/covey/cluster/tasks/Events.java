package io.covey.cluster.tasks;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings events to the listener, in order, on a thread of its own. */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final int MOST_WAITING = 10_000;
    private static final long KEEP_SECONDS = 5;

    private final @Nullable WorkerListener listener;
    private final ThreadPoolExecutor thread;
    private final AtomicLong dropped = new AtomicLong();

    Events(@Nullable WorkerListener listener, String threadName) {
        this.listener = listener;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                KEEP_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                body -> TaskThreads.single(threadName, body),
                (event, executor) -> dropped.incrementAndGet());
        thread.allowCoreThreadTimeOut(true);
    }

    /** The event is only made if somebody listens. */
    void emit(Supplier<WorkerEvent> event) {
        if (listener != null) {
            WorkerEvent made = event.get();
            thread.execute(() -> tell(made));
        }
    }

    long dropped() {
        return dropped.get();
    }

    /** What waits is still told. */
    void close(long nanos) throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(nanos, TimeUnit.NANOSECONDS)) {
            thread.shutdownNow();
        }
    }

    private void tell(WorkerEvent event) {
        try {
            listener.on(event);
        } catch (RuntimeException e) {
            LOG.warn("The listener of a worker threw at {}; it hears the next event all the same", event, e);
        }
    }
}
