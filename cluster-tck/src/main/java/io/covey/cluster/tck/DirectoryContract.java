package io.covey.cluster.tck;

/** What a {@link io.covey.cluster.spi.Directory} promises. */
public abstract class DirectoryContract extends TransportContract {}
