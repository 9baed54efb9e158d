package io.covey.cluster.core.cache;

import io.covey.cluster.spi.CacheStore.Expiry;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Copies of entries on this node, in front of the store. Called on the threads of callers, and on those of the node where
 * they are asynchronous; nothing of it may block.
 *
 * <p>Who has missed takes a ticket, asks the store, and fills: what was written, removed or invalidated since the ticket
 * was taken is not kept. Who writes lets the copy be forgotten twice: before the store is asked, so that no reader of this
 * node goes back behind what it may have seen elsewhere, and once the answer is there.
 *
 * @param <V> the type of the values
 */
interface NearLayer<V> {

    /**
     * A copy that may be used now.
     *
     * @param key any text
     * @return null if the store must be asked
     */
    @Nullable
    Found<V> get(String key);

    /** Whether fills are of use; if not, the store is not asked for times to live. */
    boolean fills();

    /** Taken before the store is asked. */
    long ticket(String key);

    /** Keeps what the store answered, and for how long the entry has still to live. */
    void fill(String key, long ticket, Found<V> found, Expiry left);

    /** What was known of keys may be wrong from now on. */
    void forget(Collection<String> keys);

    /** What was known of all keys with a prefix may be wrong from now on. */
    void forgetAll(String prefix);

    /** Keeps nothing. */
    static <V> NearLayer<V> none() {
        return new NearLayer<>() {
            @Override
            public @Nullable Found<V> get(String key) {
                return null;
            }

            @Override
            public boolean fills() {
                return false;
            }

            @Override
            public long ticket(String key) {
                return 0;
            }

            @Override
            public void fill(String key, long ticket, Found<V> found, Expiry left) {}

            @Override
            public void forget(Collection<String> keys) {}

            @Override
            public void forgetAll(String prefix) {}
        };
    }
}
