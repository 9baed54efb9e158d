package io.covey.cluster.tasks;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.TaskBroker.Outcome;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops a worker in order, once. */
final class WorkerShutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    /** How long an interrupted handler may take to return. */
    private static final long GRACE = Duration.ofSeconds(1).toNanos();

    private final WorkerParts parts;
    private final Registration watch;
    private final long flush;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Registration registration;

    /** The last settlements get {@code flush} to be answered. */
    WorkerShutdown(WorkerParts parts, Registration watch, Duration flush) {
        this.parts = parts;
        this.watch = watch;
        this.flush = flush.toNanos();
    }

    void registered(Registration withNode) {
        registration = withNode;
    }

    void close(Duration drain) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Registration withNode = registration;
        if (withNode != null) {
            withNode.close();
        }
        watch.close();
        Poller poller = parts.poller();
        poller.stopClaiming();
        parts.runners().takeUnstarted().forEach(this::release);
        try {
            if (!parts.runners().awaitIdle(drain.toNanos())) {
                parts.book().held().forEach(TaskRun::stop);
                if (!parts.runners().awaitIdle(GRACE)) {
                    abandonRest();
                }
            }
            poller.finishUntil(parts.time().nanos() + flush);
            parts.pollerThread().join(TimeUnit.NANOSECONDS.toMillis(flush) + 1000);
            if (poller.left() > 0) {
                LOG.warn(
                        "Worker {}: closed while the backend does not answer; the ends of {} tasks were not told, they run"
                                + " again when their lease is over",
                        parts.owner(),
                        poller.left());
            }
            parts.timer().shutdownNow();
            parts.runners().stop();
            parts.events().close(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            poller.finishUntil(parts.time().nanos());
            parts.timer().shutdownNow();
            parts.runners().stop();
            LOG.warn(
                    "Worker {}: interrupted while it stopped; what it holds runs again after its lease", parts.owner());
        }
    }

    private void release(TaskRun run) {
        if (run.end()) {
            parts.poller().ended(run, new Outcome.Release());
        }
    }

    private void abandonRest() {
        for (TaskRun run : parts.book().held()) {
            if (run.abandon()) {
                LOG.warn(
                        "Worker {}: the handler of {} does not return though interrupted; the task is given back and"
                                + " runs elsewhere",
                        parts.owner(),
                        run.ref());
                parts.poller().ended(run, new Outcome.Release());
            }
        }
    }
}
