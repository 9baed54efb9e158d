package io.covey.cluster;

/**
 * What a node has said and heard by messages since it joined: on topics, in rooms, in calls and between nodes. A message
 * that several subscriptions of the node hear counts for each.
 *
 * @param published messages handed to the backend
 * @param received messages handed to listeners
 * @param dropped messages that found the queue of a subscription full
 * @param gaps how often a listener was told that messages may be missing
 * @param rejected messages not let in, see {@link Health#rejected}
 * @param undecodable messages let in that the codec of the subscription could not read
 */
public record MessageStats(long published, long received, long dropped, long gaps, long rejected, long undecodable) {}
