package io.covey.cluster;

import java.util.OptionalLong;

/**
 * Messages that a subscriber may have missed.
 *
 * @param channel the channel, or the pattern subscribed to where the channel is not known
 * @param missed how many, empty if unknown (after a lost connection)
 * @param reason what happened, in one line
 */
public record Gap(String channel, OptionalLong missed, String reason) {}
