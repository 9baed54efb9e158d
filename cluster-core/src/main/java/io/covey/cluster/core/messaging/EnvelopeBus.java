package io.covey.cluster.core.messaging;

import io.covey.cluster.Gap;
import io.covey.cluster.Position;
import io.covey.cluster.Registration;
import io.covey.cluster.SignedBus;
import io.covey.cluster.core.wire.Envelope;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Delivery;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The bus of the secured namespace. */
final class EnvelopeBus implements SignedBus {
    private final Messaging.Sealed bus;

    EnvelopeBus(Messaging.Sealed bus) {
        this.bus = bus;
    }

    @Override
    public CompletionStage<Delivery> publish(String channel, int kind, byte[] payload) {
        return bus.outbox().publish(secured(channel), kind, payload);
    }

    @Override
    public CompletionStage<Registration> subscribe(String channel, Listener listener) {
        ChannelPattern exact = new ChannelPattern(secured(channel));
        return bus.subscribe(exact, new Opener(listener), listener.isQuick());
    }

    private String secured(String channel) {
        ChannelPattern.exact(channel);
        if (!bus.secured().covers(channel)) {
            throw new IllegalArgumentException("The signed bus is for channels below " + bus.secured() + ", was \""
                    + channel + "\": use Cluster.topic");
        }
        return channel;
    }

    private record Opener(Listener listener) implements Receiver {

        @Override
        public boolean wants(String channel) {
            return true;
        }

        @Override
        public Runnable open(Envelope.Builder envelope, Optional<Position> position) {
            return () -> listener.onMessage(new Message(
                    envelope.getChannel(),
                    envelope.getSender(),
                    envelope.getKind(),
                    envelope.getPayload().toByteArray(),
                    envelope.getSentMs()));
        }

        @Override
        public void onGap(Gap gap) {
            listener.onGap(gap);
        }

        @Override
        public void onEnd(String reason) {
            throw new IllegalStateException("The signed bus drops the oldest and ends no subscription");
        }
    }
}
