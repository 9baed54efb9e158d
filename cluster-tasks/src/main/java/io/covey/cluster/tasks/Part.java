package io.covey.cluster.tasks;

import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.tasks.WorkedQueue.Ended;
import java.util.List;

/** One queue's part of a trip, from its first sending to its answer. */
final class Part {
    final WorkedQueue queue;
    final Turn turn;
    final List<Ended> settles;
    final long firstSent;
    long sent;
    int failures;
    long repeatAt;
    boolean underWay;

    Part(WorkedQueue queue, Turn turn, List<Ended> settles, long firstSent) {
        this.queue = queue;
        this.turn = turn;
        this.settles = settles;
        this.firstSent = firstSent;
    }
}
