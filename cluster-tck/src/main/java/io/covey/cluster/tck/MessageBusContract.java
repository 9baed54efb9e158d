package io.covey.cluster.tck;

/** What a {@link io.covey.cluster.spi.MessageBus} promises. */
public abstract class MessageBusContract extends TransportContract {}
