package io.covey.cluster;

/**
 * What a subscription has heard since it was made.
 *
 * @param received messages handed to the listener
 * @param dropped messages that found its queue full; with a history they are read from there later
 * @param gaps how often the listener was told that messages may be missing
 * @param rejected messages not let in: too long, not signed, seen before, …
 * @param undecodable messages let in that the codec could not read
 * @param refills how often the history was read to fill a hole
 * @param waiting messages in the queue now
 */
public record SubscriptionStats(
        long received, long dropped, long gaps, long rejected, long undecodable, long refills, int waiting) {}
