package io.covey.cluster.tck;

/** What a {@link io.covey.cluster.spi.TaskBroker} promises. */
public abstract class TaskBrokerContract extends QueueContract {}
