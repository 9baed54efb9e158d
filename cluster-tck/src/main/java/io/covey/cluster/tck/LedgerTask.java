package io.covey.cluster.tck;

import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a task must be, as far as the answers so far tell. */
final class LedgerTask {
    /** The states of a task; a last try that was given back by an owner that had lost it may be in either queue. */
    enum Place {
        WAITING,
        /** Waits as a new one, but was run before. */
        GIVEN,
        LEASED,
        REDO,
        LAST,
        REDO_OR_LAST,
        RETRY,
        /** Waits for its time, or waits since then as one that nobody ran. */
        DELAYED,
        DONE,
        FAILED,
        REMOVED,
        /** A worker of another make took it. */
        FOREIGN
    }

    /** What its producer does not know it by, or not any more; its next lease tells. */
    static final String ANOTHER = "another";

    final int number;
    final String queue;
    String type = "t";
    Place place = Place.WAITING;
    /** Whose it is; empty for nobody's. */
    String key = "";
    /** Whether it went back to the waiting of every make, so that its key may count no more. */
    boolean loose;
    /** The name of the lock that it took; empty for none. */
    String lock = "";
    /** What frees the lock. */
    Until until = Until.EXPIRY;
    /** For how long it takes the lock. */
    Duration longest = Duration.ZERO;
    /** What its producer knows it by; empty where its queue knows no ids. */
    String publicId = "";
    /** When it may run at the earliest, by the backend's clock; of one that is or was delayed. */
    Instant due = Instant.MIN;
    /** What it is debounced with; empty for nothing, and since it was given back to every make, which replaces nothing. */
    String quiet = "";
    /** Whether somebody wants it to be stopped. */
    boolean wanted;
    /** Known from the first claim on, until it is given back to everybody. */
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
        return place.compareTo(Place.DONE) >= 0;
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

    /** Everything about its runs is forgotten. */
    void forget() {
        giveBack(Place.GIVEN);
        loose = true;
        id = null;
        deliveries = 0;
        attempt = 0;
        wasLast = false;
    }

    /** What beats call it. */
    String called() {
        return publicId.isEmpty() ? String.valueOf(id) : publicId;
    }

    @Override
    public String toString() {
        return "task " + number + " of " + queue + " (" + id + ", " + place + ", owner " + owner + ", fence " + fence
                + ", deliveries " + deliveries + ", attempt " + attempt + ", key " + key + ")";
    }
}
