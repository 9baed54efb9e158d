package io.covey.cluster.core.messaging;

import java.util.Arrays;

/**
 * Which sequence numbers of one sender and channel were seen: the highest, and the 1024 up to it (as in IPsec, RFC 4303).
 * Not thread-safe.
 */
final class ReplayWindow {
    static final int SIZE = 1024;

    private final long[] seen = new long[SIZE / Long.SIZE];
    private long highest;
    /** The lowest number that came just when it was sent; none did yet. */
    private long firstLive = Long.MAX_VALUE;

    private long heardAt;
    private int epoch;

    /** Whether a number was seen. Those below the window count as seen. */
    boolean knows(long seq) {
        return seq <= highest && (highest - seq >= SIZE || (seen[word(seq)] & bit(seq)) != 0);
    }

    /** Whether a number is below all that came live, so that nothing but its time tells whether it is a replay. */
    boolean isBeforeLive(long seq) {
        return seq < firstLive;
    }

    /** Marks a number as seen. */
    void admit(long seq, boolean live) {
        if (seq > highest) {
            clear(highest + 1, seq);
            highest = seq;
        }
        seen[word(seq)] |= bit(seq);
        if (live) {
            firstLive = Math.min(firstLive, seq);
        }
    }

    long highest() {
        return highest;
    }

    long heardAt() {
        return heardAt;
    }

    /** Marks the time, and answers whether the window was of this epoch before. */
    boolean heard(long now, int newEpoch) {
        boolean same = epoch == newEpoch;
        heardAt = now;
        epoch = newEpoch;
        return same;
    }

    private void clear(long from, long to) {
        if (to - from >= SIZE) {
            Arrays.fill(seen, 0);
            return;
        }
        for (long seq = from; seq <= to; seq++) {
            seen[word(seq)] &= ~bit(seq);
        }
    }

    private static int word(long seq) {
        return (int) (seq % SIZE) / Long.SIZE;
    }

    private static long bit(long seq) {
        return 1L << (seq % Long.SIZE);
    }
}
