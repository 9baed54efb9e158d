package io.covey.cluster.spi;

/**
 * A message of a history.
 *
 * @param place where it stands
 * @param message as it was published
 */
public record Kept(Place place, byte[] message) {}
