package io.covey.cluster.tck;

import org.jspecify.annotations.Nullable;

/** Where a task must be, as far as the answers so far tell. */
final class LedgerTask {
    /** The states of a task; a last try that was given back by an owner that had lost it may be in either queue. */
    enum Place {
        WAITING,
        LEASED,
        REDO,
        LAST,
        REDO_OR_LAST,
        RETRY,
        DONE,
        FAILED
    }

    final int number;
    final String queue;
    Place place = Place.WAITING;
    /** Known from the first claim on. */
    @Nullable
    String id;
    /** Who was handed it last. */
    String owner = "";
    /** The newest fence; 0 since its owner gave it up. */
    long fence;

    int deliveries;
    int attempt;
    /** Whether it was taken for a last try since its last orderly settlement. */
    boolean wasLast;
    /** When its lease was renewed at the earliest, in virtual nanoseconds. */
    long renewed;

    LedgerTask(int number, String queue) {
        this.number = number;
        this.queue = queue;
    }

    boolean ended() {
        return place == Place.DONE || place == Place.FAILED;
    }

    /** Whether a fence still settles it. */
    boolean settledBy(long by) {
        return !ended() && fence > 0 && by == fence;
    }

    void lease(String to, long by, long now) {
        place = Place.LEASED;
        owner = to;
        fence = by;
        renewed = now;
    }

    void giveBack(Place to) {
        place = to;
        fence = 0;
    }

    @Override
    public String toString() {
        return "task " + number + " of " + queue + " (" + id + ", " + place + ", owner " + owner + ", fence " + fence
                + ", deliveries " + deliveries + ", attempt " + attempt + ")";
    }
}
