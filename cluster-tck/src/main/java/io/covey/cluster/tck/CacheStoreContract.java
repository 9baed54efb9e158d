package io.covey.cluster.tck;

/** What a {@link io.covey.cluster.spi.CacheStore} promises. */
public abstract class CacheStoreContract extends TransportContract {}
