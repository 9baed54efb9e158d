package io.covey.cluster;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Messages that a subscriber may have missed.
 *
 * @param channel the channel, or the pattern subscribed to where the channel is not known
 * @param missed how many, empty if unknown (after a lost connection)
 * @param hole which ones, where one sender's numbers tell it
 * @param reason what happened, in one line
 */
public record Gap(String channel, OptionalLong missed, Optional<Hole> hole, String reason) {

    /**
     * Messages of nobody in particular.
     *
     * @param channel the channel or pattern
     * @param missed how many, empty if unknown
     * @param reason what happened, in one line
     */
    public Gap(String channel, OptionalLong missed, String reason) {
        this(channel, missed, Optional.empty(), reason);
    }

    /**
     * Messages of one sender.
     *
     * @param channel the channel
     * @param hole which ones
     * @param reason what happened, in one line
     */
    public Gap(String channel, Hole hole, String reason) {
        this(channel, OptionalLong.of(hole.to() - hole.from() + 1), Optional.of(hole), reason);
    }

    /**
     * An unknown number of messages, perhaps none.
     *
     * @param channel the channel or pattern
     * @param reason what happened, in one line
     * @return the gap
     */
    public static Gap unknown(String channel, String reason) {
        return new Gap(channel, OptionalLong.empty(), reason);
    }

    /**
     * Numbers that did not arrive. A sender numbers what it publishes on a channel from 1.
     *
     * @param sender the id of the node that published them
     * @param from the first number
     * @param to the last number, not less than {@code from}
     */
    public record Hole(String sender, long from, long to) {}
}
