package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.ScheduleStore;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskNotes;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/** What producers and workers have in common in talking to a broker. */
final class Brokers {
    private static final String INCARNATION = Long.toHexString(new SecureRandom().nextLong());
    private static final AtomicLong LANES = new AtomicLong();
    private static final double SPREAD = 0.5;

    private Brokers() {}

    static TaskBroker of(Cluster cluster) {
        return cluster.transport()
                .tasks()
                .orElseThrow(() -> new ClusterException(
                        "The transport " + cluster.transport().description() + " has no tasks"));
    }

    static QueueControl control(Cluster cluster) {
        return of(cluster)
                .control()
                .orElseThrow(() -> new ClusterException("The transport "
                        + cluster.transport().description() + " can neither set queues nor change waiting tasks"));
    }

    static TaskNotes notes(Cluster cluster) {
        return of(cluster)
                .notes()
                .orElseThrow(() -> new ClusterException("The transport "
                        + cluster.transport().description() + " keeps no results and no progress of tasks"));
    }

    static ScheduleStore schedules(Cluster cluster) {
        return of(cluster)
                .schedules()
                .orElseThrow(() -> new ClusterException(
                        "The transport " + cluster.transport().description() + " has no recurring tasks"));
    }

    /** A name that no lane had or will have. */
    static String newLane() {
        return INCARNATION + "-" + LANES.incrementAndGet();
    }

    /** Whether the same call may fare better later. */
    static boolean worthRepeating(Throwable thrown) {
        Throwable cause = Await.unwrap(thrown);
        return cause instanceof TransportException && !(cause instanceof RefusedException);
    }

    static String reason(Throwable thrown) {
        Throwable cause = Await.unwrap(thrown);
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** How long to wait before a repeat: doubles up to a limit, ± 50 %. */
    static long backOff(int failures, long first, long most, double random) {
        long delay = Math.min(most, first << Math.min(failures - 1, 20));
        return (long) (delay * (1 - SPREAD + 2 * SPREAD * random));
    }
}
