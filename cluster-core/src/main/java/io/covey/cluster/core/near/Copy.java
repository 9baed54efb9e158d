package io.covey.cluster.core.near;

/**
 * An entry of the store that is kept here.
 *
 * @param <T> what an entry is here
 * @param value the entry
 * @param version its version in the store
 * @param era when news of its changes are heard
 * @param end until when it may be used, by the monotonic clock
 * @param weight its bytes in the store, those of its key included
 */
record Copy<T>(T value, long version, Era era, long end, int weight) {}
