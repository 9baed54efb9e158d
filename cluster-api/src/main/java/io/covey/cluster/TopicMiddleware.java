package io.covey.cluster;

import io.covey.cluster.spi.Delivery;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Something done around every message of the topics of a node, on its way out and on its way in: a trace that goes on at
 * the subscribers, a log context. See {@link Cluster#around}.
 */
public interface TopicMiddleware {

    /**
     * A message is published, on the publisher's thread. What this method throws reaches the publisher.
     *
     * @param channel the channel
     * @param headers what travels with it so far, to be changed at will; at most 16 of together 4,096 characters
     * @param rest the next middleware, in the end the bus; to be called at most once
     * @return what {@code rest} returned
     */
    default CompletionStage<Delivery> publish(String channel, Map<String, String> headers, Sending rest) {
        return rest.send(headers);
    }

    /**
     * A message is handed to a subscriber, on its thread. A message that is read from a history without a subscription
     * does not come here. What this method throws is logged: unless it called {@code rest} that subscriber does not hear the
     * message, but the next ones.
     *
     * @param channel the channel
     * @param headers what came with it
     * @param rest the next middleware, in the end the subscriber; to be called at most once
     */
    default void deliver(String channel, Map<String, String> headers, Runnable rest) {
        rest.run();
    }

    /** What is inside of a middleware. */
    @FunctionalInterface
    interface Sending {

        /**
         * Sends the message.
         *
         * @param headers what travels with it
         * @return who heard it, as far as the backend can tell
         * @throws IllegalArgumentException if the headers are too many or too long
         */
        CompletionStage<Delivery> send(Map<String, String> headers);
    }
}
