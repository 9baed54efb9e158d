package io.covey.cluster.spi;

import io.covey.cluster.Gap;
import io.covey.cluster.Registration;
import java.util.concurrent.CompletionStage;

/** Messages in bytes, at most once, in order for each publisher and channel. */
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
     * Subscribes. The backend makes the subscription again after a lost connection, and announces the gap. It proves by
     * itself that the subscription is alive: one that is silently deaf is noticed and made again within three heartbeats
     * of the transport, 15 s at most.
     *
     * @param pattern what to hear
     * @param listener hears of each matching message once; called in order, one call at a time, and must not block
     * @return completes when the subscription is live: a message published from then on is heard
     */
    CompletionStage<Registration> subscribe(ChannelPattern pattern, Listener listener);

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
         * Messages may have been lost.
         *
         * @param gap where and why
         */
        void onGap(Gap gap);
    }
}
