package io.covey.cluster.core.messaging;

import io.covey.cluster.core.messaging.Waiting.Item;
import io.covey.cluster.core.messaging.Waiting.Message;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What was taken from a queue at once, since taking each for itself costs a lock. It is little beside what may wait: what
 * is in hand is not dropped any more when the queue is full. For one thread at a time, but for its size.
 */
final class Hand {
    private static final int MOST = 64;
    private static final int MOST_BYTES = 64 << 10;

    private final Item[] items;
    private final long mostBytes;
    private final AtomicInteger left = new AtomicInteger();
    private int at;
    private int taken;

    /**
     * @param messages how many may wait
     * @param bytes how many bytes of them
     */
    Hand(int messages, long bytes) {
        items = new Item[Math.max(1, Math.min(MOST, messages / 16))];
        mostBytes = Math.min(MOST_BYTES, bytes / 16);
    }

    /** Takes what waits; false if there is nothing. */
    boolean fill(Waiting queue) {
        at = 0;
        taken = 0;
        long bytes = 0;
        while (taken < items.length && (taken == 0 || bytes < mostBytes)) {
            Item item = queue.poll();
            if (item == null) {
                break;
            }
            bytes += item instanceof Message message ? message.frame().length : 0;
            items[taken++] = item;
        }
        left.setPlain(taken);
        return taken > 0;
    }

    @Nullable
    Item next() {
        if (at == taken) {
            return null;
        }
        Item next = items[at];
        items[at++] = null;
        left.setOpaque(taken - at);
        return next;
    }

    /** How many are still to come. Any thread. */
    int size() {
        return left.getOpaque();
    }
}
