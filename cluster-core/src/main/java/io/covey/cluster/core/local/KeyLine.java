package io.covey.cluster.core.local;

import java.util.LinkedHashSet;
import java.util.Set;

/** The tasks of one key: those that wait, in order, and how many run. Guarded by its queue. */
final class KeyLine {
    final Set<LocalTask> waiting = new LinkedHashSet<>();
    final Gcra starts = new Gcra();
    State state = State.EMPTY;
    int running;
    /** When its first task is served, in the virtual time of the queue. */
    long tag;
    /** The tag of a task that would come next. */
    long finish;
    /** Among lines of one tag, whose turn it is. */
    long number;

    long wakesAt;

    boolean isIdle(long now) {
        return waiting.isEmpty() && running == 0 && starts.isIdle(now);
    }

    enum State {
        EMPTY,
        ACTIVE,
        /** Until one of its tasks ends. */
        PARKED,
        /** Until a time. */
        ASLEEP
    }
}
