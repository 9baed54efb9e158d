package io.covey.cluster.core.runtime;

import io.covey.cluster.NodeEvent;
import io.covey.cluster.NodeListener;
import io.covey.cluster.Registration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node does, told where it happens. Who tells asks first whether anybody wants to know. */
public final class News {
    private static final Logger LOG = LoggerFactory.getLogger(News.class);

    private final ReentrantLock changing = new ReentrantLock();
    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    private volatile boolean wanted;

    /** Nobody listens yet. */
    public News() {}

    /**
     * Whether anybody listens.
     *
     * @return if not, nothing needs be made or timed
     */
    public boolean wanted() {
        return wanted;
    }

    /**
     * Tells everybody who listens.
     *
     * @param event what happened
     */
    public void tell(NodeEvent event) {
        for (Entry entry : entries) {
            try {
                entry.listener.on(event);
            } catch (Throwable e) { // an Error would end what the event is about
                entry.threw(event, e);
            }
        }
    }

    /**
     * Adds a listener.
     *
     * @param listener hears of each event from now on
     * @return ends that
     */
    public Registration add(NodeListener listener) {
        Entry entry = new Entry(listener);
        changing.lock();
        try {
            entries.add(entry);
            wanted = true;
        } finally {
            changing.unlock();
        }
        return () -> remove(entry);
    }

    private void remove(Entry entry) {
        changing.lock();
        try {
            entries.remove(entry);
            wanted = !entries.isEmpty();
        } finally {
            changing.unlock();
        }
    }

    private record Failure(Class<?> event, Class<?> thrown) {}

    /** Compared by identity: the same listener may be added twice. */
    private static final class Entry {
        private final NodeListener listener;
        private final Set<Failure> failures = ConcurrentHashMap.newKeySet();

        Entry(NodeListener listener) {
            this.listener = listener;
        }

        /** Events are many: the same failure is told once. */
        void threw(NodeEvent event, Throwable thrown) {
            if (failures.add(new Failure(event.getClass(), thrown.getClass()))) {
                LOG.warn(
                        "A listener to the node threw at {}; it hears of the next event all the same, and is not named again for this",
                        event,
                        thrown);
            }
        }
    }
}
