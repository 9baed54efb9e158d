package io.covey.cluster.core.runtime;

import io.covey.cluster.RefusedException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Things of which the backend, or those who listen, may not know what this node knows, since an answer is missing. They are
 * settled with every beat until that goes well.
 *
 * @param <K> what names a thing
 * @param <V> what else has to be remembered of one
 */
public final class Unsettled<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger(Unsettled.class);

    private final NodeContext node;
    private final Settling<K, V> settling;
    private final Executor sequence;
    private final Map<K, Optional<V>> things = new ConcurrentHashMap<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /**
     * Has nothing to do yet.
     *
     * @param node the node
     * @param settling called for one thing at a time, on a thread that may block
     */
    public Unsettled(NodeContext node, Settling<K, V> settling) {
        this.node = node;
        this.settling = settling;
        this.sequence = node.threads().sequence();
    }

    /**
     * Makes the backend and the listeners know.
     *
     * @param <K> what names a thing
     * @param <V> what else has to be remembered of one
     */
    @FunctionalInterface
    public interface Settling<K, V> {

        /**
         * Does it for one thing.
         *
         * @param thing which one
         * @param more what else was remembered of it
         * @throws RuntimeException if it has to be done again
         */
        void settle(K thing, Optional<V> more);
    }

    /**
     * Has a thing settled a beat from now.
     *
     * @param thing which one
     * @param more what else to remember of it; empty leaves what is remembered already
     */
    public void add(K thing, Optional<V> more) {
        things.merge(thing, more, (before, now) -> now.isPresent() ? now : before);
        schedule();
    }

    /**
     * Has a thing settled a beat from now if the backend may know of it, since it did not say that it did nothing.
     *
     * @param thing which one
     * @param failure how the attempt to write it failed
     */
    public void addUnlessRefused(K thing, RuntimeException failure) {
        if (!(failure instanceof IllegalStateException || failure instanceof RefusedException)) {
            add(thing, Optional.empty());
        }
    }

    private void schedule() {
        if (!scheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            node.threads()
                    .timer()
                    .schedule(
                            () -> sequence.execute(this::settle),
                            node.config().beat().toNanos(),
                            TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Nothing is settled any more: the node is closed");
        }
    }

    private void settle() {
        scheduled.set(false);
        try {
            things.forEach((thing, more) -> {
                // First removed: what goes wrong meanwhile adds it again.
                if (things.remove(thing, more)) {
                    settleOrKeep(thing, more);
                }
            });
        } catch (RuntimeException e) {
            if (!node.life().ended()) {
                LOG.debug("{} are settled later", things.size(), e);
            }
        }
        if (!things.isEmpty() && !node.life().ended()) {
            schedule();
        }
    }

    private void settleOrKeep(K thing, Optional<V> more) {
        try {
            settling.settle(thing, more);
        } catch (RuntimeException e) {
            add(thing, more);
            throw e;
        }
    }
}
