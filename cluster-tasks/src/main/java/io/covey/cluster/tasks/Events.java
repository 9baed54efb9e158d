package io.covey.cluster.tasks;

import io.covey.cluster.tasks.WorkerListener.Ran;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings events to the listeners: to those that are quick at once, to the others in order, on a thread of its own. */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final int MOST_WAITING = 10_000;
    private static final long KEEP_SECONDS = 5;

    private final boolean runsAreHeard;
    private final List<WorkerListener> quick;
    private final List<WorkerListener> others;
    private final ThreadPoolExecutor thread;
    private final AtomicLong dropped = new AtomicLong();

    Events(List<WorkerListener> listeners, String threadName) {
        this.runsAreHeard = listeners.stream().anyMatch(WorkerListener::hearsRuns);
        this.quick = listeners.stream().filter(WorkerListener::isQuick).toList();
        this.others = listeners.stream().filter(listener -> !listener.isQuick()).toList();
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

    /** Whether anybody counts runs. */
    boolean countsRuns() {
        return !quick.isEmpty();
    }

    /** Handlers have run. */
    void ran(List<Ran> runs) {
        if (runs.isEmpty()) {
            return;
        }
        for (WorkerListener listener : quick) {
            try {
                listener.ran(runs);
            } catch (RuntimeException | Error e) {
                LOG.warn("A listener of a worker threw at the end of runs; it hears the next event all the same", e);
            }
        }
    }

    /** Of a run that starts or is done: for who wants to hear of runs. */
    void emitRun(Supplier<WorkerEvent> event) {
        if (runsAreHeard) {
            emit(event);
        }
    }

    /** The event is only made if somebody listens. */
    void emit(Supplier<WorkerEvent> event) {
        if (quick.isEmpty() && others.isEmpty()) {
            return;
        }
        WorkerEvent made = event.get();
        tell(quick, made);
        if (!others.isEmpty()) {
            thread.execute(() -> tell(others, made));
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

    private static void tell(List<WorkerListener> listeners, WorkerEvent event) {
        boolean isRun = event instanceof WorkerEvent.Started || event instanceof WorkerEvent.Done;
        for (WorkerListener listener : listeners) {
            if (isRun && !listener.hearsRuns()) {
                continue;
            }
            try {
                listener.on(event);
            } catch (RuntimeException | Error e) {
                LOG.warn("A listener of a worker threw at {}; it hears the next event all the same", event, e);
            }
        }
    }
}
