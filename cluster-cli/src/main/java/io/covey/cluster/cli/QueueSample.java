package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.TaskInspector.QueueFlow;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.tasks.TaskInspection;
import io.covey.cluster.tasks.TaskQueue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is in the queues at one time; two of them make rates.
 *
 * @param at when, by this process' clock for durations, ns
 * @param now when, by the backend's clock
 * @param queues by name
 * @param totals what belongs to no queue
 */
record QueueSample(long at, Instant now, List<QueueState> queues, Map<String, Long> totals) {
    private static final double NANOS = 1e9;

    /**
     * A queue.
     *
     * @param info what is in it
     * @param flow what has gone through it, if the backend counts that
     */
    record QueueState(QueueInfo info, Optional<QueueFlow> flow) {

        /** All tasks that have come, whatever became of them; those that were removed count as if they had never come. */
        private long come() {
            return info.waiting()
                    + info.active()
                    + info.retry()
                    + info.delayed()
                    + flow.map(its -> its.done() + its.failed()).orElse(0L);
        }

        private long done() {
            return flow.map(QueueFlow::done).orElse(0L);
        }
    }

    /**
     * Tasks a second between two samples.
     *
     * @param in that came
     * @param done that were done
     */
    record Rates(double in, double done) {

        private Rates plus(Rates other) {
            return new Rates(in + other.in, done + other.done);
        }
    }

    static QueueSample take(Cluster cluster) {
        TaskInspection tasks = TaskQueue.on(cluster).inspect();
        Map<String, QueueFlow> flows = new LinkedHashMap<>();
        tasks.flows().forEach(flow -> flows.put(flow.queue(), flow));
        List<QueueState> states = new ArrayList<>();
        for (QueueInfo info : tasks.queues()) {
            states.add(new QueueState(info, Optional.ofNullable(flows.get(info.queue()))));
        }
        return new QueueSample(System.nanoTime(), cluster.clock().instant(), states, tasks.totals());
    }

    long delayed() {
        return totals.getOrDefault("delayed", 0L);
    }

    long failed() {
        return totals.getOrDefault("failed", 0L);
    }

    /** The rates of each queue since an earlier sample; a queue of which nothing is counted has none. */
    Map<String, Rates> since(QueueSample before) {
        double seconds = Math.max(1, at - before.at) / NANOS;
        Map<String, QueueState> old = new LinkedHashMap<>();
        before.queues.forEach(state -> old.put(state.info().queue(), state));
        Map<String, Rates> rates = new LinkedHashMap<>();
        for (QueueState state : queues) {
            QueueState was = old.get(state.info().queue());
            if (state.flow().isPresent()) {
                long come = state.come() - (was == null ? 0 : was.come());
                long done = state.done() - (was == null ? 0 : was.done());
                rates.put(state.info().queue(), new Rates(Math.max(0, come) / seconds, Math.max(0, done) / seconds));
            }
        }
        return rates;
    }

    static Rates sum(Map<String, Rates> rates) {
        return rates.values().stream().reduce(new Rates(0, 0), Rates::plus);
    }

    /** For how long the oldest task of a queue has waited, in seconds; null if that is not known or none waits. */
    @Nullable
    Double latency(QueueState state) {
        return state.flow()
                .flatMap(QueueFlow::oldest)
                .map(since -> Math.max(0, now.toEpochMilli() - since.toEpochMilli()) / 1000.0)
                .orElse(null);
    }
}
