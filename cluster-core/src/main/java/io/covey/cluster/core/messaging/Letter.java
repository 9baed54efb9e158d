package io.covey.cluster.core.messaging;

/**
 * What is to be sent, before it has a number and a signature.
 *
 * @param channel where
 * @param sender this node
 * @param kind what the payload is
 * @param payload the message
 * @param headers what travels with it, in bytes; empty for nothing
 * @param sentMs when, by the backend's clock
 */
record Letter(String channel, String sender, int kind, byte[] payload, byte[] headers, long sentMs) {

    Letter(String channel, String sender, int kind, byte[] payload, long sentMs) {
        this(channel, sender, kind, payload, TopicLayers.NO_HEADERS, sentMs);
    }
}
