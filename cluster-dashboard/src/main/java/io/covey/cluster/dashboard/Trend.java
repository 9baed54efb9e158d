package io.covey.cluster.dashboard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The last ticks, for whoever opens a page. */
final class Trend {
    private static final int MOST = 450;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Map<String, @Nullable Object>> points = new ArrayDeque<>();

    void add(Map<String, @Nullable Object> tick) {
        lock.lock();
        try {
            Map<String, @Nullable Object> point = Json.object();
            for (String name : List.of("at", "up", "waiting", "active", "done", "failing", "rtt")) {
                point.put(name, tick.get(name));
            }
            points.addLast(point);
            if (points.size() > MOST) {
                points.removeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    List<Map<String, @Nullable Object>> points() {
        lock.lock();
        try {
            return new ArrayList<>(points);
        } finally {
            lock.unlock();
        }
    }
}
