package io.covey.cluster.core.runtime;

import io.covey.cluster.Registration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listeners of the application, each with a sequence of its own: one that blocks holds up no other.
 *
 * @param <L> the type of the listeners
 */
public final class Listeners<L> {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final String what;
    private final NodeThreads threads;
    private final List<Entry<L>> entries = new CopyOnWriteArrayList<>();

    /**
     * Starts with none.
     *
     * @param what what they listen to, for messages
     * @param threads where they are called
     */
    public Listeners(String what, NodeThreads threads) {
        this.what = what;
        this.threads = threads;
    }

    /**
     * Adds a listener.
     *
     * @param listener hears of each event from now on
     * @return ends that
     */
    public Registration add(L listener) {
        Entry<L> entry = new Entry<>(listener, threads.sequence());
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    /**
     * Calls every listener, in order, later.
     *
     * @param event calls one listener
     */
    public void tell(Consumer<L> event) {
        for (Entry<L> entry : entries) {
            try {
                entry.sequence.execute(() -> call(entry, event));
            } catch (RejectedExecutionException e) {
                LOG.debug("A listener to {} is not told: the node is closed", what);
            }
        }
    }

    private void call(Entry<L> entry, Consumer<L> event) {
        if (!entries.contains(entry)) {
            return;
        }
        try {
            event.accept(entry.listener);
        } catch (Throwable e) { // an Error would keep what it is to hear next from it
            LOG.warn("A listener to {} threw; it hears of the next event all the same", what, e);
        }
    }

    /** Compared by identity: the same listener may be added twice. */
    private static final class Entry<L> {
        private final L listener;
        private final Executor sequence;

        Entry(L listener, Executor sequence) {
            this.listener = listener;
            this.sequence = sequence;
        }
    }
}
