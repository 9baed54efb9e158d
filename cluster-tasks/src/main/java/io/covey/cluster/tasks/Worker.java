package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks. It claims them with a lease that it renews while they run, so that what a dead worker held runs again
 * elsewhere; it stops with its node. Thread-safe.
 *
 * <pre>{@code
 * Worker worker = Worker.on(cluster)
 *         .queues("images")
 *         .concurrency(8)
 *         .handlers(handlers -> handlers.handle(RESIZE, (resize, task) -> ...))
 *         .start();
 * }</pre>
 */
public final class Worker implements AutoCloseable {
    private final Cluster cluster;
    private final WorkerParts parts;
    private final WorkerShutdown shutdown;

    private Worker(Cluster cluster, WorkerParts parts) {
        this.cluster = cluster;
        this.parts = parts;
        this.shutdown = new WorkerShutdown(parts, cluster.config().transport().commandTimeout());
        shutdown.start(cluster);
    }

    /**
     * Starts from the default settings.
     *
     * @param cluster a running node
     * @return a builder
     * @throws ClusterException if the transport has no tasks
     */
    public static Builder on(Cluster cluster) {
        Brokers.of(cluster);
        return new Builder(cluster);
    }

    /**
     * What the worker has done and does. Cheap.
     *
     * @return a snapshot
     */
    public WorkerStats stats() {
        Instant now = cluster.clock().instant();
        long nanos = parts.time().nanos();
        List<WorkerStats.Running> running = new ArrayList<>();
        int prefetched = 0;
        for (TaskRun run : parts.book().held()) {
            if (run.ended()) {
                continue;
            }
            if (run.started()) {
                running.add(new WorkerStats.Running(run.ref(), now.minusNanos(nanos - run.startedAt())));
            } else {
                prefetched++;
            }
        }
        Map<String, Long> byQueue = new LinkedHashMap<>();
        parts.queues()
                .all()
                .forEach(queue -> byQueue.put(queue.name(), queue.processed().get()));
        Tally tally = parts.tally();
        return new WorkerStats(
                parts.owner(),
                tally.processed().sum(),
                tally.failed().sum(),
                tally.retried().sum(),
                tally.released().sum(),
                tally.lost().sum(),
                tally.refused().sum(),
                tally.discarded().sum(),
                tally.cancelled().sum(),
                parts.slots().now(),
                prefetched,
                running,
                byQueue,
                parts.trips().sent(),
                parts.events().dropped());
    }

    /**
     * How the worker is. It is DOWN once it is closed, while the backend does not answer, while it does not get on although
     * it could ({@link WorkerEvent.NotGettingOn}), and after the backend lost or replaced the data of a queue until
     * {@link #acknowledgeDataLoss()}. It goes on working in all these cases but the first. Cheap.
     *
     * @return a snapshot
     */
    public WorkerHealth health() {
        return parts.health().now(parts.outage(), parts.time().nanos());
    }

    /** Says that somebody knows that data was lost: {@link #health()} is no longer DOWN because of what was seen so far. */
    public void acknowledgeDataLoss() {
        parts.health().acknowledge();
    }

    /**
     * Whether the worker has stopped. One that still drains has not.
     *
     * @return true from the end of the first {@link #close(Duration)} on, or of its node
     */
    public boolean isClosed() {
        return shutdown.hasEnded();
    }

    WorkerParts parts() {
        return parts;
    }

    /** Stops with the drain time of its settings, see {@link #close(Duration)}. */
    @Override
    public void close() {
        close(parts.options().drain());
    }

    /**
     * Stops: claims nothing more, gives back at once what was fetched and not started, waits for what runs, interrupts what
     * still runs after the drain time and gives it back, tells the backend how everything ended. What is given back runs
     * elsewhere at once and its attempt does not count. Only the first call does this; others return at once.
     *
     * @param drain how long running tasks may take to finish
     */
    public void close(Duration drain) {
        shutdown.close(drain);
    }

    /** Collects the settings of a worker. Not thread-safe. */
    public static final class Builder {
        private final Cluster cluster;
        private final Handlers handlers;
        private QueueChoice queues = QueueChoice.inOrder(List.of("default"));
        private int concurrency = Runtime.getRuntime().availableProcessors();
        private int mostConcurrency = concurrency;
        private boolean virtual = true;
        private Duration lease = Duration.ofSeconds(30);
        private @Nullable Duration beat;
        private int maxDeliveries = 3;
        private Duration drain;
        private boolean strict;
        private boolean scheduler = true;
        private final List<WorkerMiddleware> around = new ArrayList<>();
        private final List<WorkerListener> listeners = new ArrayList<>();

        private Builder(Cluster cluster) {
            this.cluster = cluster;
            this.handlers = new Handlers(cluster);
            this.drain = cluster.config().drain();
        }

        /**
         * Sets the queues, the most important first: a later one is served while the earlier ones have nothing to be claimed.
         * In a pattern {@code *} stands for any characters: {@code *}, {@code mail.*}. It stands for the queues that the
         * backend knows, by name, but for those that are named themselves and so keep their own place; new ones are found
         * within about a second.
         *
         * @param names {@code [A-Za-z0-9_.:-]{1,128}} each, or patterns; default {@code default}
         * @return this
         * @throws IllegalArgumentException if one does not match, or there is none
         */
        public Builder queues(String... names) {
            this.queues = QueueChoice.inOrder(List.of(names));
            return this;
        }

        /**
         * Sets the queues and what each gets of this worker's claims while all have work: by 6, 3 and 1 the first gets six of
         * ten. One that has no work, is paused or has reached a limit leaves its part to the others.
         *
         * @param weights 1 to 1,000 by name, or by pattern: each queue of a pattern has its weight
         * @return this
         * @throws IllegalArgumentException if a name or a weight is out of its limits, or there is none
         */
        public Builder weighted(Map<String, Integer> weights) {
            this.queues = QueueChoice.byWeight(weights);
            return this;
        }

        /**
         * Sets how many tasks run at once.
         *
         * @param tasks 1 to 10,000, default the number of processors
         * @return this
         */
        public Builder concurrency(int tasks) {
            return concurrency(tasks, tasks);
        }

        /**
         * Sets how many tasks run at once at least and at most, if there are so many. It starts with the least; it grows while
         * tasks wait and this process uses less than three quarters of its processors, which is when runs wait for something
         * else; it shrinks after some seconds with little to do.
         *
         * @param least from 1
         * @param most up to 10,000
         * @return this
         */
        public Builder concurrency(int least, int most) {
            this.concurrency = least;
            this.mostConcurrency = most;
            return this;
        }

        /**
         * Sets whether handlers run on virtual threads where the runtime has them, from Java 21 on. Elsewhere, and without
         * this, they run on platform threads.
         *
         * @param wanted default true
         * @return this
         */
        public Builder virtualThreads(boolean wanted) {
            this.virtual = wanted;
            return this;
        }

        /**
         * Sets how long a task is held without a sign of life; after a death it runs again that much later.
         *
         * @param time 1 s to 1 h, default 30 s
         * @return this
         */
        public Builder lease(Duration time) {
            this.lease = time;
            return this;
        }

        /**
         * Sets how often leases are renewed.
         *
         * @param interval up to half the lease, default a fifth of it
         * @return this
         */
        public Builder beat(Duration interval) {
            this.beat = interval;
            return this;
        }

        /**
         * Sets after how many deaths of its workers a task fails for good. Its last try runs while this worker runs nothing
         * else.
         *
         * @param deaths from 1, default 3
         * @return this
         */
        public Builder maxDeliveries(int deaths) {
            this.maxDeliveries = deaths;
            return this;
        }

        /**
         * Sets how long {@link Worker#close()} waits for running tasks.
         *
         * @param time default that of the node
         * @return this
         */
        public Builder drain(Duration time) {
            this.drain = time;
            return this;
        }

        /**
         * Fetches only for free slots. The default fetches ahead while runs are short against a round trip: up to 50 tasks
         * and 20 ms of work, which are renewed like the others and given back first at a stop.
         *
         * @return this
         */
        public Builder withoutPrefetch() {
            this.strict = true;
            return this;
        }

        /**
         * Does not look after the recurring tasks of its queues, see {@link Schedules}. By default every worker does.
         *
         * @return this
         */
        public Builder withoutScheduler() {
            this.scheduler = false;
            return this;
        }

        /**
         * Adds handlers. May be called more than once.
         *
         * @param more registers them, now
         * @return this
         * @throws IllegalArgumentException if a type has a handler already
         */
        public Builder handlers(TaskHandlers more) {
            more.register(handlers);
            return this;
        }

        /**
         * Has something done around every run. May be called more than once: what was added first is outside.
         *
         * @param middleware what is done
         * @return this
         */
        public Builder around(WorkerMiddleware middleware) {
            around.add(middleware);
            return this;
        }

        /**
         * Adds somebody who hears what happens. May be called more than once.
         *
         * @param hears the listener
         * @return this
         */
        public Builder listener(WorkerListener hears) {
            listeners.add(hears);
            return this;
        }

        /**
         * Starts the worker. It is closed with its node.
         *
         * @return the running worker
         * @throws IllegalArgumentException if a setting is out of its limits
         * @throws ClusterException if the node is closed
         */
        public Worker start() {
            WorkerOptions options = new WorkerOptions(
                    queues,
                    concurrency,
                    mostConcurrency,
                    lease,
                    beat,
                    maxDeliveries,
                    drain,
                    strict,
                    scheduler,
                    virtual);
            return new Worker(cluster, new WorkerParts(cluster, options, handlers, around, listeners));
        }
    }
}
