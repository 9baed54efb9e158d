package io.covey.cluster.core.local;

import io.covey.cluster.History;
import io.covey.cluster.Registration;
import io.covey.cluster.Start;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.HistoryPage;
import io.covey.cluster.spi.MessageBus;
import java.util.concurrent.CompletionStage;

/** The messages as one connection sees them. */
final class LocalMessageBus implements MessageBus {
    private final LocalTransport transport;
    private final Subscriptions subscriptions;
    private final Histories histories;

    LocalMessageBus(LocalTransport transport, Subscriptions subscriptions, Histories histories) {
        this.transport = transport;
        this.subscriptions = subscriptions;
        this.histories = histories;
    }

    @Override
    public CompletionStage<Delivery> publish(String channel, byte[] message) {
        return transport.call(() -> subscriptions.publish(channel, listener -> listener.onMessage(channel, message)));
    }

    @Override
    public CompletionStage<Delivery> publish(String channel, byte[] message, History history) {
        ChannelPattern.exact(channel);
        return transport.call(() -> histories.publish(
                channel,
                message,
                history,
                place -> subscriptions.publish(channel, listener -> listener.onMessage(channel, message, place))));
    }

    @Override
    public CompletionStage<HistoryPage> read(String channel, Start start, int limit) {
        ChannelPattern.exact(channel);
        return transport.call(() -> histories.read(channel, start, limit));
    }

    @Override
    public CompletionStage<Registration> subscribe(ChannelPattern pattern, Listener listener) {
        return transport.call(() -> subscriptions.add(transport, pattern, listener));
    }
}
