package io.covey.cluster.rpc;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/** The ids that were added last; of too many the oldest is forgotten. It allocates nothing after it was made. */
final class Recent {
    static final int MOST = 1 << 15;
    private static final int SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(MOST);

    private final ReentrantLock lock = new ReentrantLock();
    /** A ring of places, each of two numbers. */
    private final long[] ids = new long[2 * MOST];
    /** For each hash a chain of places, counted from 1; 0 ends it. */
    private final int[] first = new int[MOST];

    private final int[] next = new int[MOST];
    /** Others choose the ids, and must not choose long chains. */
    private final long high;

    private final long low;
    private int turn;

    Recent() {
        SecureRandom random = new SecureRandom();
        this.high = random.nextLong() | 1;
        this.low = random.nextLong() | 1;
    }

    /** Whether an id is new; it is not afterwards. */
    boolean add(UUID id) {
        lock.lock();
        try {
            if (find(id) != 0) {
                return false;
            }
            unlink(turn + 1);
            ids[2 * turn] = id.getMostSignificantBits();
            ids[2 * turn + 1] = id.getLeastSignificantBits();
            int chain = chain(turn + 1);
            next[turn] = first[chain];
            first[chain] = turn + 1;
            turn = (turn + 1) % MOST;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void remove(UUID id) {
        lock.lock();
        try {
            unlink(find(id));
        } finally {
            lock.unlock();
        }
    }

    private int find(UUID id) {
        int place = first[chain(id.getMostSignificantBits(), id.getLeastSignificantBits())];
        while (place != 0 && !isAt(place, id)) {
            place = next[place - 1];
        }
        return place;
    }

    private boolean isAt(int place, UUID id) {
        return ids[2 * place - 2] == id.getMostSignificantBits() && ids[2 * place - 1] == id.getLeastSignificantBits();
    }

    /** Nothing if the place is empty. */
    private void unlink(int place) {
        if (place == 0) {
            return;
        }
        int chain = chain(place);
        int before = 0;
        int at = first[chain];
        while (at != 0 && at != place) {
            before = at;
            at = next[at - 1];
        }
        if (at == 0) {
            return;
        }
        if (before == 0) {
            first[chain] = next[at - 1];
        } else {
            next[before - 1] = next[at - 1];
        }
    }

    private int chain(int place) {
        return chain(ids[2 * place - 2], ids[2 * place - 1]);
    }

    private int chain(long most, long least) {
        return (int) ((most * high + least * low) >>> SHIFT);
    }
}
