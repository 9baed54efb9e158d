package io.covey.cluster.tasks;

import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.tasks.WorkedQueue.Ended;
import java.util.List;

/** One queue's part of a trip, from its first sending to its answer. */
final class Part {
    final WorkedQueue queue;
    final Turn turn;
    /** The runs that it settles; none if it settles {@link #again} what was settled before. */
    final List<Ended> settles;

    final boolean again;
    final long firstSent;
    long sent;
    int failures;
    long repeatAt;
    boolean underWay;

    Part(WorkedQueue queue, Turn turn, List<Ended> settles, long firstSent) {
        this.queue = queue;
        this.turn = turn;
        this.settles = settles;
        this.again = settles.isEmpty() && !turn.settlements().isEmpty();
        this.firstSent = firstSent;
    }
}
