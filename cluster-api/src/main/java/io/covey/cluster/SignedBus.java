package io.covey.cluster;

import io.covey.cluster.spi.Delivery;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Messages between nodes, at most once, in order for each sender and channel. Each travels in an envelope signed with
 * the cluster's server token; one that is not, or that was seen before, is dropped and counted before the listener could
 * see it. Channels are of the secured namespace, {@code /cluster/…} unless the settings name more.
 */
public interface SignedBus {

    /**
     * Publishes a message.
     *
     * @param channel {@code /cluster/…}
     * @param kind what the payload is; part of what is signed
     * @param payload the message; at most the frame limit of the settings
     * @return whether somebody received it, as far as the backend can tell
     */
    CompletionStage<Delivery> publish(String channel, int kind, byte[] payload);

    /**
     * Publishes a message and has the backend keep it, as {@link Topic#withHistory} does.
     *
     * @param channel {@code /cluster/…}
     * @param kind what the payload is; part of what is signed
     * @param payload the message; at most the frame limit of the settings
     * @param history how much is kept
     * @return whether somebody received it, as far as the backend can tell
     */
    CompletionStage<Delivery> publish(String channel, int kind, byte[] payload, History history);

    /**
     * Subscribes from a place in the history on, and catches up by itself: {@link Listener#onGap} speaks of what the history
     * does not have. What is published on the channel without a history is not caught up, and of its loss only a hole in
     * its sender's numbers tells: who needs it subscribes without a history besides.
     *
     * @param channel {@code /cluster/…}
     * @param history how much is kept
     * @param start where to begin
     * @param listener hears of each message, in order
     * @return completes when the subscription is live; ends it
     */
    CompletionStage<Subscription> subscribe(String channel, History history, Start start, Listener listener);

    /**
     * Reads from the history.
     *
     * @param channel {@code /cluster/…}
     * @param history how much is kept
     * @param start where to begin
     * @param most how many messages at most, 1 to 10,000
     * @return the oldest of those asked for
     * @throws TransportException if the backend does not answer
     */
    Past<Message> read(String channel, History history, Start start, int most);

    /**
     * Subscribes.
     *
     * @param channel {@code /cluster/…}
     * @param listener hears of each message, in order
     * @return completes when the subscription is live; ends it
     */
    CompletionStage<Registration> subscribe(String channel, Listener listener);

    /**
     * The same channels kept within one shard of a Redis Cluster, as {@link Topic#sharded} says: there {@link Delivery} is
     * exact. Publishers and subscribers must agree on it.
     *
     * @return another view of the bus
     */
    SignedBus sharded();

    /**
     * Called one call at a time, on a thread of the bus that is not a network thread unless it is {@link #isQuick}. Must
     * return soon: a handler that blocks hands its work to an executor of its own.
     */
    @FunctionalInterface
    interface Listener {

        /**
         * A message came, checked.
         *
         * @param message the message
         */
        void onMessage(Message message);

        /**
         * Whether it never blocks: then it may be called on a network thread, which saves a hand-off for each message. One
         * that waits there for anything holds up every message to this node, and for an answer of the backend for ever.
         *
         * @return false unless it says so
         */
        default boolean isQuick() {
            return false;
        }

        /**
         * Messages may have been lost. Also called if the backend refuses the subscription from now on, as the reason says:
         * nothing is heard any more then.
         *
         * @param gap where
         */
        default void onGap(Gap gap) {}
    }

    /**
     * A checked message.
     *
     * @param channel where it was published
     * @param sender the id of the node that signed it
     * @param kind what the payload is
     * @param payload the message
     * @param sentAtMillis when it was sent, by the backend's clock, in milliseconds since the epoch
     * @param position its place in the history, if it has one
     */
    record Message(
            String channel, String sender, int kind, byte[] payload, long sentAtMillis, Optional<Position> position) {}
}
