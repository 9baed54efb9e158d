package io.covey.cluster;

import io.covey.cluster.spi.Delivery;
import java.util.function.Consumer;

/**
 * A channel, or a pattern of channels. At most once: a message that is not received now is not received later, but a
 * subscriber hears that it missed something. In order for each publisher.
 *
 * <p>Patterns: {@code /a/*} matches exactly one further segment, {@code /a/**} one or more.
 *
 * @param <M> the type of the messages
 */
public interface Topic<M> {

    /**
     * The channel or pattern.
     *
     * @return as given
     */
    String channel();

    /**
     * Publishes a message; a subscriber on this node receives it too.
     *
     * @param message the message
     * @return whether somebody received it, as far as the backend can tell
     * @throws IllegalStateException if this topic is a pattern
     * @throws TransportException if the backend does not answer: the message may have been published
     */
    Delivery publish(M message);

    /**
     * Subscribes to the messages alone.
     *
     * @param listener hears of each message, in order, on a thread of this node's that is not a network thread
     * @return ends the subscription
     * @throws TransportException if the backend does not answer
     */
    default Registration subscribe(Consumer<M> listener) {
        return subscribe((channel, message) -> listener.accept(message));
    }

    /**
     * Subscribes. The subscription is live when this method returns, and is made again after a lost connection.
     *
     * @param listener hears of each message, in order, on a thread of this node's that is not a network thread. Behind
     *     it is a bounded queue (10,000 messages); when it overflows the oldest are dropped and a gap is announced
     * @return ends the subscription
     * @throws TransportException if the backend does not answer
     */
    Registration subscribe(Listener<M> listener);

    /**
     * Hears of messages and of gaps, one call at a time.
     *
     * @param <M> the type of the messages
     */
    @FunctionalInterface
    interface Listener<M> {

        /**
         * A message came. What this method throws is logged and counted; the subscription goes on.
         *
         * @param channel the channel it was published on
         * @param message the message
         */
        void onMessage(String channel, M message);

        /**
         * Messages may have been missed: after a lost connection, an overflow, or a message that could not be decoded.
         *
         * @param gap where and why
         */
        default void onGap(Gap gap) {}
    }
}
