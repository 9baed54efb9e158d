package io.covey.cluster;

import java.util.Optional;

/**
 * A message as it came.
 *
 * @param <M> the type of the message
 * @param channel the channel it was published on
 * @param message the message
 * @param sender the id of the node that published it; with a server token nobody else can have
 * @param position its place in the history, to go on from later; empty if it was published without one
 */
public record Received<M>(String channel, M message, String sender, Optional<Position> position) {}
