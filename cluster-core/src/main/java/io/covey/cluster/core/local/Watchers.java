package io.covey.cluster.core.local;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who hears of changed entries, on the thread that changes them. */
final class Watchers {
    private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);

    private record Watcher(String prefix, Consumer<String> listener) {}

    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    /** Returns what ends it. */
    Runnable add(String prefix, Consumer<String> listener) {
        // A lambda of its own each, though the same listener may come twice.
        Watcher watcher = new Watcher(prefix, listener::accept);
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    void changed(String key) {
        for (Watcher watcher : watchers) {
            if (key.startsWith(watcher.prefix)) {
                try {
                    watcher.listener.accept(key);
                } catch (RuntimeException e) {
                    LOG.warn("A listener to the changes of {} failed; it hears of the next ones", watcher.prefix, e);
                }
            }
        }
    }
}
