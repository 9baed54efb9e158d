package io.covey.cluster.rpc;

import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/** Random ids that were seen lately, each in the one place that it may be in until another needs that. */
final class Recent {
    private static final int PLACES = 1 << 15;

    private final ReentrantLock lock = new ReentrantLock();
    private final long[] ids = new long[2 * PLACES];

    /** Whether an id is new; it is not afterwards. */
    boolean add(UUID id) {
        int place = place(id);
        lock.lock();
        try {
            if (isAt(place, id)) {
                return false;
            }
            ids[place] = id.getMostSignificantBits();
            ids[place + 1] = id.getLeastSignificantBits();
            return true;
        } finally {
            lock.unlock();
        }
    }

    void remove(UUID id) {
        int place = place(id);
        lock.lock();
        try {
            if (isAt(place, id)) {
                ids[place] = 0;
                ids[place + 1] = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isAt(int place, UUID id) {
        return ids[place] == id.getMostSignificantBits() && ids[place + 1] == id.getLeastSignificantBits();
    }

    private static int place(UUID id) {
        return (int) (id.getLeastSignificantBits() & (PLACES - 1)) * 2;
    }
}
