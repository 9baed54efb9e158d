package io.covey.cluster.spi;

import io.covey.cluster.Gap;
import io.covey.cluster.History;
import io.covey.cluster.Registration;
import io.covey.cluster.Start;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Messages in bytes, at most once, in order for each publisher and channel. What is published with a history is kept
 * besides, so that who was cut off can read what it missed.
 */
public interface MessageBus {

    /**
     * Publishes.
     *
     * @param channel a channel, no pattern
     * @param message the message
     * @return who received it, as far as the backend can tell
     */
    CompletionStage<Delivery> publish(String channel, byte[] message);

    /**
     * Publishes a message and keeps it, in one step: subscribers hear it with the {@link Place} it has in the history, and
     * who reads the history afterwards finds it. Every message of an epoch names the one before it.
     *
     * @param channel a channel, no pattern
     * @param message the message
     * @param history how much is kept from now on
     * @return who received it, as far as the backend can tell
     */
    CompletionStage<Delivery> publish(String channel, byte[] message, History history);

    /**
     * Reads the history of a channel. A channel without one gets an epoch, so that there is a position to go on from. A
     * history that was lost, wholly or at its end, is never taken for complete.
     *
     * @param channel a channel, no pattern
     * @param start where to begin: {@link Start.After} after a position, {@link Start.Last} with the first of so many newest
     *     messages, {@link Start.Now} behind the newest, which reads none
     * @param limit how many messages at most, 1 to 1000; the backend may answer fewer, to bound the bytes, but one if there is
     *     one
     * @return the oldest of those asked for
     */
    CompletionStage<HistoryPage> read(String channel, Start start, int limit);

    /**
     * The same messages on channels that stay within one shard of the backend: a channel published on here is heard by
     * those who subscribed here. Where there are shards, patterns
     * are refused with an {@link IllegalArgumentException}.
     *
     * @return this, if the backend has no shards
     */
    default MessageBus sharded() {
        return this;
    }

    /**
     * Subscribes. The backend makes the subscription again after a lost connection, and announces the gap. It proves by
     * itself that the subscription is alive: one that is silently deaf is noticed and made again within three heartbeats
     * of the transport, 15 s at most.
     *
     * @param pattern what to hear
     * @param listener hears of each matching message once; called in order, one call at a time, and must not block
     * @return completes when the subscription is live: a message published from then on is heard
     */
    CompletionStage<Registration> subscribe(ChannelPattern pattern, Listener listener);

    /**
     * For how long nothing was heard that proves that the subscriptions are alive: at most three heartbeats of the
     * transport, 15 s, while they are.
     *
     * @return empty if this bus needs no proof, or is not asked to give any
     */
    default Optional<Duration> unproven() {
        return Optional.empty();
    }

    /** Hears of messages. */
    interface Listener {

        /**
         * A message came.
         *
         * @param channel where it was published
         * @param message the message
         */
        void onMessage(String channel, byte[] message);

        /**
         * A message came that was published with a history.
         *
         * @param channel where it was published
         * @param message the message
         * @param place where it stands in the history
         */
        default void onMessage(String channel, byte[] message, Place place) {
            onMessage(channel, message);
        }

        /**
         * The subscription has ended by itself: the backend refuses it from now on. Nothing more is heard.
         *
         * @param reason why, in one line
         */
        default void onEnd(String reason) {
            // Most backends refuse at once or never.
        }

        /**
         * Messages may have been lost.
         *
         * @param gap where and why
         */
        void onGap(Gap gap);
    }
}
