package io.covey.cluster.core.messaging;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sequence numbers of the channels that this node publishes on. Of very many channels the longest unused are
 * forgotten; one that comes back goes on above every number forgotten, so that no number is used twice.
 */
final class Sequences {
    private static final int MOST_CHANNELS = 100_000;

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Long> last = new LinkedHashMap<>(16, 0.75f, true);
    private long floor;

    Sequences() {
        this(MOST_CHANNELS);
    }

    Sequences(int most) {
        this.most = most;
    }

    long next(String channel) {
        lock.lock();
        try {
            long seq = last.getOrDefault(channel, floor) + 1;
            last.put(channel, seq);
            if (last.size() > most) {
                var eldest = last.entrySet().iterator();
                floor = Math.max(floor, eldest.next().getValue());
                eldest.remove();
            }
            return seq;
        } finally {
            lock.unlock();
        }
    }
}
