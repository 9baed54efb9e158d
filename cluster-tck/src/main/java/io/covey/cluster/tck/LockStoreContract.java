package io.covey.cluster.tck;

/** What a {@link io.covey.cluster.spi.LockStore} promises. */
public abstract class LockStoreContract extends TransportContract {}
