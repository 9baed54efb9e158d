package io.covey.cluster.core.messaging;

import io.covey.cluster.Backlog;
import io.covey.cluster.Gap;
import io.covey.cluster.Overflow;
import io.covey.cluster.spi.Place;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What waits for a subscriber, within bounds, and in its place what was dropped. Guarded by its user. */
final class Waiting {

    /** What the subscriber is to hear of, in order. */
    sealed interface Item {}

    /**
     * @param place where it stands in the history; null if it was published without one
     */
    record Message(String channel, byte[] frame, @Nullable Place place) implements Item {}

    record Announced(Gap gap) implements Item {}

    record Ended(String reason) implements Item {}

    /** What was dropped here. */
    static final class Lost implements Item {
        private long messages;
        private boolean unknown;
        private boolean kept;
        private boolean cut;

        /** How many that no history has. */
        long messages() {
            return messages;
        }

        /** Whether a gap of unknown size was among it. */
        boolean unknown() {
            return unknown;
        }

        /** Whether something was among it that the history has. */
        boolean kept() {
            return kept;
        }

        /** Whether it was told among it that a link was lost, which the history makes up for. */
        boolean cut() {
            return cut;
        }
    }

    private final Backlog limits;
    private final boolean refilled;
    private final Tally tally;
    private final Deque<Item> queue = new ArrayDeque<>();
    private int waiting;
    private long bytes;

    /**
     * @param refilled whether what the history has can be read again
     * @param tally counts what is dropped
     */
    Waiting(Backlog limits, boolean refilled, Tally tally) {
        this.limits = limits;
        this.refilled = refilled;
        this.tally = tally;
    }

    /** Adds what came; false if nothing more is to be added, since this was the end. */
    boolean add(Item item) {
        if (item instanceof Ended) {
            queue.addLast(item);
            return false;
        } else if (fits(item)) {
            append(item);
        } else if (limits.whenFull() == Overflow.DROP_OLDEST) {
            append(item);
            dropOldest();
        } else if (limits.whenFull() == Overflow.END && item instanceof Message) {
            tally.countDropped();
            return add(new Ended("the subscriber was too slow: its queue of " + limits.messages() + " messages or "
                    + limits.bytes() + " bytes was full"));
        } else {
            if (!(queue.peekLast() instanceof Lost)) {
                queue.addLast(new Lost());
            }
            note(item, (Lost) queue.getLast());
        }
        return true;
    }

    /** The next, if there is one. */
    @Nullable
    Item poll() {
        Item next = queue.pollFirst();
        if (next != null) {
            leave(next);
        }
        return next;
    }

    void clear() {
        queue.clear();
        waiting = 0;
        bytes = 0;
    }

    int size() {
        return waiting;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    private boolean fits(Item item) {
        return waiting == 0 || waiting < limits.messages() && bytes + size(item) <= limits.bytes();
    }

    private void append(Item item) {
        queue.addLast(item);
        waiting++;
        bytes += size(item);
    }

    private void dropOldest() {
        Lost lost = queue.peekFirst() instanceof Lost before ? before : new Lost();
        queue.remove(lost);
        while (waiting > 1 && (waiting > limits.messages() || bytes > limits.bytes())) {
            Item oldest = queue.removeFirst();
            leave(oldest);
            note(oldest, lost);
        }
        queue.addFirst(lost);
    }

    private void note(Item item, Lost lost) {
        if (item instanceof Message message) {
            tally.countDropped();
            if (refilled && message.place != null) {
                lost.kept = true;
            } else {
                lost.messages++;
            }
        } else if (refilled) {
            lost.cut = true;
        } else {
            lost.unknown = true;
        }
    }

    private void leave(Item item) {
        if (item instanceof Message || item instanceof Announced) {
            waiting--;
            bytes -= size(item);
        }
    }

    private static int size(Item item) {
        return item instanceof Message message ? message.frame.length : 0;
    }
}
