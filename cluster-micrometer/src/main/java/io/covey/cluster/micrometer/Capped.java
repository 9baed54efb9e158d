package io.covey.cluster.micrometer;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps the values of a tag apart up to a number of them, and has one for all others. */
final class Capped {
    static final String OTHER = "other";
    static final int MOST = 100;
    private static final int LONGEST = 128;

    private final ReentrantLock adding = new ReentrantLock();
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final int most;

    Capped() {
        this(MOST);
    }

    Capped(int most) {
        this.most = most;
    }

    String of(String value) {
        return known.contains(value) || add(value) ? value : OTHER;
    }

    /** Whether it is kept apart. */
    boolean has(String value) {
        return known.contains(value);
    }

    private boolean add(String value) {
        if (value.isEmpty() || value.length() > LONGEST || known.size() >= most) {
            return false;
        }
        adding.lock();
        try {
            return known.contains(value) || known.size() < most && known.add(value);
        } finally {
            adding.unlock();
        }
    }
}
