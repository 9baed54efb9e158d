package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.Health;
import io.covey.cluster.Health.Question;
import io.covey.cluster.Registration;
import io.covey.cluster.spi.TaskBroker.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops a worker in order, once. */
final class WorkerShutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    /** How long an interrupted handler may take to return. */
    private static final long GRACE = Duration.ofSeconds(1).toNanos();

    private final WorkerParts parts;
    private final long flush;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Registration> registrations = new ArrayList<>();
    /** Until the worker has stopped: one that drains is not ready. */
    private final List<Registration> checks = new ArrayList<>();

    private boolean closed;
    private volatile boolean ended;

    /** The last settlements get {@code flush} to be answered. */
    WorkerShutdown(WorkerParts parts, Duration flush) {
        this.parts = parts;
        this.flush = flush.toNanos();
    }

    /** Starts the worker, unless its node is closed; one that closes meanwhile waits. */
    void start(Cluster cluster) {
        lock.lock();
        try {
            Registration withNode = cluster.closeWith(this::close);
            registrations.add(withNode);
            check(cluster.health());
            try {
                registrations.add(parts.loops().start());
            } catch (RuntimeException e) {
                withNode.close();
                checks.forEach(Registration::close);
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }

    private void check(Health node) {
        String name = "worker " + parts.owner();
        checks.add(node.check(Question.LIVE, name, parts.loops()::standstill));
        checks.add(node.check(
                Question.READY,
                name,
                () -> parts.health().now(parts.outage(), parts.time().nanos()).reasons().stream()
                        .findFirst()));
    }

    void close(Duration drain) {
        if (!first()) {
            return;
        }
        parts.health().closed();
        registrations.forEach(Registration::close);
        Poller poller = parts.poller();
        poller.stopClaiming();
        parts.runners().takeUnstarted().forEach(this::release);
        try {
            if (!parts.runners().awaitIdle(TimeUnit.NANOSECONDS.convert(drain))) {
                parts.book().held().forEach(TaskRun::stop);
                if (!parts.runners().awaitIdle(GRACE)) {
                    abandonRest();
                }
            }
            poller.finishUntil(parts.time().nanos() + flush);
            parts.pollerThread().join(TimeUnit.NANOSECONDS.toMillis(flush) + 1000);
            if (!parts.pollerThread().isAlive()) {
                parts.counts().unsettled(parts.book().held());
            }
            if (poller.left() > 0) {
                LOG.atWarn()
                        .addKeyValue("event", "worker.closed.untold")
                        .log(
                                "Worker {}: closed while the backend does not answer; the ends of {} tasks were not told, they run"
                                        + " again when their lease is over",
                                parts.owner(),
                                poller.left());
            } else {
                parts.loops().retire(Duration.ofNanos(flush));
            }
            parts.timer().shutdownNow();
            parts.runners().stop();
            parts.judge().parkedLog().end();
            parts.events().close(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // Nobody takes answers in any more: whoever waited for one would renew the lease for ever.
            parts.book().held().forEach(TaskRun::stop);
            poller.finishUntil(parts.time().nanos());
            parts.timer().shutdownNow();
            parts.runners().stop();
            LOG.atWarn()
                    .addKeyValue("event", "worker.closed.interrupted")
                    .log(
                            "Worker {}: interrupted while it stopped; what it holds runs again after its lease",
                            parts.owner());
        } finally {
            ended = true;
            checks.forEach(Registration::close);
        }
    }

    boolean hasEnded() {
        return ended;
    }

    private boolean first() {
        lock.lock();
        try {
            boolean first = !closed;
            closed = true;
            return first;
        } finally {
            lock.unlock();
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
                LOG.atWarn()
                        .addKeyValue("event", "task.abandoned")
                        .log(
                                "Worker {}: the handler of {} does not return though interrupted; the task is given back and"
                                        + " runs elsewhere",
                                parts.owner(),
                                run.ref());
                parts.poller().ended(run, new Outcome.Release());
            }
        }
    }
}
