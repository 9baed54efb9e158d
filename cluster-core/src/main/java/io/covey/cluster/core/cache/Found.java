package io.covey.cluster.core.cache;

import java.time.Instant;
import java.util.Optional;

/**
 * An entry as a typed cache has read it.
 *
 * @param <V> the type of the value
 * @param value the value; empty if it is remembered that there is none
 * @param version another after every write
 * @param written when, by the backend's clock as the writer knew it
 */
record Found<V>(Optional<V> value, long version, Instant written) {}
