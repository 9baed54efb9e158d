package io.covey.cluster;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A {@link Cache} in stages. Arguments are checked at once; everything else that {@link Cache} throws completes the
 * stage exceptionally. Stages complete on a thread of this node's that is not a network thread. Calls that were made while
 * another had not completed may take effect before it.
 *
 * @param <V> the type of the values
 */
public interface AsyncCache<V> {

    /**
     * As {@link Cache#get(String)}.
     *
     * @param key the key
     * @return the value, empty if there is none
     */
    CompletionStage<Optional<V>> get(String key);

    /**
     * As {@link Cache#get(String, Loading)}; the loader runs on a thread of this node's that may block.
     *
     * @param key the key
     * @param loading how
     * @return the value, empty if the loader found none
     */
    CompletionStage<Optional<V>> get(String key, Loading<V> loading);

    /**
     * As {@link Cache#getAll}.
     *
     * @param keys the keys
     * @return those present
     */
    CompletionStage<Map<String, V>> getAll(Collection<String> keys);

    /**
     * As {@link Cache#put(String, Object, Duration)}.
     *
     * @param key the key
     * @param value the value
     * @param ttl for how long
     * @return completes when it is written
     */
    CompletionStage<Void> put(String key, V value, Duration ttl);

    /**
     * As {@link Cache#putIfAbsent}.
     *
     * @param key the key
     * @param value the value
     * @param ttl for how long
     * @return false if there was one
     */
    CompletionStage<Boolean> putIfAbsent(String key, V value, Duration ttl);

    /**
     * As {@link Cache#remove}.
     *
     * @param key the key
     * @return false if there was none
     */
    CompletionStage<Boolean> remove(String key);
}
