package io.covey.cluster.core.local;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.MessageBus;
import java.util.concurrent.CompletionStage;

/** The messages as one connection sees them. */
final class LocalMessageBus implements MessageBus {
    private final LocalTransport transport;
    private final Subscriptions subscriptions;

    LocalMessageBus(LocalTransport transport, Subscriptions subscriptions) {
        this.transport = transport;
        this.subscriptions = subscriptions;
    }

    @Override
    public CompletionStage<Delivery> publish(String channel, byte[] message) {
        return transport.call(() -> subscriptions.publish(channel, message));
    }

    @Override
    public CompletionStage<Registration> subscribe(ChannelPattern pattern, Listener listener) {
        return transport.call(() -> subscriptions.add(transport, pattern, listener));
    }
}
