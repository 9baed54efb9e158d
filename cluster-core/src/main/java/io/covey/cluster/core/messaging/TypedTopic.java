package io.covey.cluster.core.messaging;

import io.covey.cluster.Codec;
import io.covey.cluster.CodecException;
import io.covey.cluster.Gap;
import io.covey.cluster.NotSecuredException;
import io.covey.cluster.Registration;
import io.covey.cluster.Topic;
import io.covey.cluster.core.codec.Codecs;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.core.wire.Envelope;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Delivery;
import java.util.OptionalLong;

final class TypedTopic<M> implements Topic<M> {
    private final NodeContext node;
    private final ChannelPattern pattern;
    private final Codec<M> codec;
    private final Messaging.Sealed bus;

    TypedTopic(NodeContext node, ChannelPattern pattern, Codec<M> codec, Messaging.Sealed bus) {
        this.node = node;
        this.pattern = pattern;
        this.codec = codec;
        this.bus = bus;
    }

    @Override
    public String channel() {
        return pattern.text();
    }

    @Override
    public Delivery publish(M message) {
        if (!pattern.isExact()) {
            throw new IllegalStateException(channel() + " is a pattern, which can only be subscribed to");
        }
        refuseSecured();
        byte[] payload = Codecs.encode(codec, message, "Topic " + channel());
        return node.await(() -> bus.outbox().publish(channel(), 0, payload), "publish on " + channel());
    }

    @Override
    public Registration subscribe(Listener<M> listener) {
        refuseSecured();
        return node.await(() -> bus.subscribe(pattern, new Decoder(listener)), "subscribe to " + channel());
    }

    private void refuseSecured() {
        if (bus.secured().covers(channel())) {
            throw new NotSecuredException("Channel " + channel()
                    + " is of the secured namespace (" + bus.secured()
                    + "), which is for signed messages between nodes alone");
        }
    }

    /** A pattern such as {@code /**} matches secured channels, too: those are none of its business. */
    private final class Decoder implements Receiver {
        private final Listener<M> listener;

        Decoder(Listener<M> listener) {
            this.listener = listener;
        }

        @Override
        public boolean wants(String channel) {
            return !bus.secured().covers(channel);
        }

        @Override
        public void onMessage(Envelope.Builder envelope) {
            String channel = envelope.getChannel();
            M message;
            try {
                message = Codecs.decode(codec, envelope.getPayload().toByteArray(), "Topic " + channel);
            } catch (CodecException e) {
                listener.onGap(new Gap(channel, OptionalLong.of(1), e.getMessage()));
                return;
            }
            listener.onMessage(channel, message);
        }

        @Override
        public void onGap(Gap gap) {
            listener.onGap(gap);
        }
    }
}
