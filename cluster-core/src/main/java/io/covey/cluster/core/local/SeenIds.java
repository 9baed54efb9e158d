package io.covey.cluster.core.local;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The ids that callers gave to tasks within the last 24 hours. Guarded by its queue. */
final class SeenIds {
    private static final long KEPT_MILLIS = Duration.ofHours(24).toMillis();
    private final Map<String, Long> seenAt = new LinkedHashMap<>();

    boolean knows(String id, long now) {
        sweep(now);
        return seenAt.containsKey(id);
    }

    void add(String id, long now) {
        seenAt.put(id, now);
    }

    void sweep(long now) {
        Iterator<Long> oldest = seenAt.values().iterator();
        while (oldest.hasNext() && now - oldest.next() >= KEPT_MILLIS) {
            oldest.remove();
        }
    }

    int size() {
        return seenAt.size();
    }
}
