package io.covey.cluster.core.messaging;

import io.covey.cluster.Gap;
import io.covey.cluster.History;
import io.covey.cluster.Past;
import io.covey.cluster.Position;
import io.covey.cluster.Received;
import io.covey.cluster.Registration;
import io.covey.cluster.SignedBus;
import io.covey.cluster.Start;
import io.covey.cluster.Subscription;
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
        return bus.publish(secured(channel), kind, payload, Optional.empty());
    }

    @Override
    public CompletionStage<Delivery> publish(String channel, int kind, byte[] payload, History history) {
        return bus.publish(secured(channel), kind, payload, Optional.of(history));
    }

    @Override
    public CompletionStage<Subscription> subscribe(String channel, History history, Start start, Listener listener) {
        return bus.subscribe(
                new ChannelPattern(secured(channel)), new Opener(channel, listener), Listening.SECURED, history, start);
    }

    @Override
    public Past<Message> read(String channel, History history, Start start, int most) {
        return new Reading<>(bus, secured(channel), EnvelopeBus::received, history).read(start, most);
    }

    @Override
    public SignedBus sharded() {
        return new EnvelopeBus(bus.sharded());
    }

    private static Received<Message> received(Arrival arrival, Optional<Position> position) {
        Message message = message(arrival, position);
        return new Received<>(message.channel(), message, message.sender(), position);
    }

    private static Message message(Arrival arrival, Optional<Position> position) {
        return new Message(
                arrival.channel().text(),
                arrival.sender().text(),
                arrival.kind(),
                arrival.payload(),
                arrival.sentMs(),
                position);
    }

    @Override
    public CompletionStage<Registration> subscribe(String channel, Listener listener) {
        ChannelPattern exact = new ChannelPattern(secured(channel));
        return bus.subscribe(exact, new Opener(channel, listener), Listening.SECURED.nonBlocking(listener.isQuick()))
                .thenApply(made -> made);
    }

    private String secured(String channel) {
        ChannelPattern.exact(channel);
        if (!bus.secured().covers(channel)) {
            throw new IllegalArgumentException("The signed bus is for channels below " + bus.secured() + ", was \""
                    + channel + "\": use Cluster.topic");
        }
        return channel;
    }

    private record Opener(String channel, Listener listener) implements Receiver {

        @Override
        public boolean wants(String from) {
            return true;
        }

        @Override
        public Runnable open(Arrival arrival, Optional<Position> position) {
            return () -> listener.onMessage(message(arrival, position));
        }

        @Override
        public void onGap(Gap gap) {
            listener.onGap(gap);
        }

        @Override
        public boolean missesUnkept() {
            return false;
        }

        /** This bus ends no subscription, but the backend may. */
        @Override
        public void onEnd(String reason) {
            listener.onGap(Gap.unknown(channel, "nothing is heard any more, the subscription has ended: " + reason));
        }
    }
}
