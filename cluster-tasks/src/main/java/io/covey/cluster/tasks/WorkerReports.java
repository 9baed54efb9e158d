package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.Node;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.WorkerRegistry;
import io.covey.cluster.spi.WorkerRegistry.Running;
import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says every few seconds what a worker is doing, for people and for tools of other makes. */
final class WorkerReports {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long EVERY = Duration.ofSeconds(2).toMillis();

    private final Cluster cluster;
    private final WorkerParts parts;
    private final Instant since;
    private final ReentrantLock lock = new ReentrantLock();
    private CompletionStage<?> last = CompletableFuture.completedStage(null);
    private @Nullable Future<?> timer;
    private boolean closed;

    WorkerReports(Cluster cluster, WorkerParts parts) {
        this.cluster = cluster;
        this.parts = parts;
        this.since = cluster.clock().instant();
    }

    void start(WorkerRegistry registry, ScheduledExecutorService thread) {
        lock.lock();
        try {
            timer = thread.scheduleWithFixedDelay(() -> report(registry), 0, EVERY, TimeUnit.MILLISECONDS);
        } finally {
            lock.unlock();
        }
    }

    private void report(WorkerRegistry registry) {
        lock.lock();
        try {
            if (closed || !last.toCompletableFuture().isDone()) {
                return;
            }
            last = Await.caught(() -> registry.report(info()));
        } finally {
            lock.unlock();
        }
        last.whenComplete((done, thrown) -> {
            if (thrown != null) {
                LOG.debug("Worker {}: not reported: {}", parts.owner(), Brokers.reason(thrown));
            }
        });
    }

    private WorkerInfo info() {
        Instant now = cluster.clock().instant();
        long nanos = parts.time().nanos();
        List<Running> running = new ArrayList<>();
        for (TaskRun run : parts.book().held()) {
            if (run.started() && !run.ended()) {
                Instant started = now.minusNanos(nanos - run.startedAt());
                run.content()
                        .ifPresent(task ->
                                running.add(new Running(run.queue(), run.id(), task.type(), task.args(), started)));
            }
        }
        Node self = cluster.self();
        return new WorkerInfo(
                parts.owner(),
                self.host(),
                self.pid(),
                parts.options().queues().texts(),
                since,
                now,
                parts.tally().processed().sum(),
                parts.tally().failed().sum(),
                parts.slots().now(),
                running);
    }

    /** Takes the worker off, after what is on its way. What is not answered in time is left to the other workers. */
    void close(WorkerRegistry registry, Duration patience) {
        CompletionStage<?> before;
        lock.lock();
        try {
            closed = true;
            before = last;
            if (timer != null) {
                timer.cancel(false);
            }
        } finally {
            lock.unlock();
        }
        try {
            Await.on(
                    before.handle((done, thrown) -> done).thenCompose(done -> registry.retire(parts.owner())),
                    patience,
                    "take worker " + parts.owner() + " off");
        } catch (RuntimeException e) {
            LOG.debug("Worker {}: not taken off: {}", parts.owner(), Brokers.reason(e));
        }
    }
}
