package io.covey.cluster.core.messaging;

import io.covey.cluster.Backlog;
import io.covey.cluster.Codec;
import io.covey.cluster.Gap;
import io.covey.cluster.History;
import io.covey.cluster.NotSecuredException;
import io.covey.cluster.Past;
import io.covey.cluster.Position;
import io.covey.cluster.Received;
import io.covey.cluster.Start;
import io.covey.cluster.Subscription;
import io.covey.cluster.Topic;
import io.covey.cluster.core.codec.Codecs;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Delivery;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

final class TypedTopic<M> implements Topic<M> {
    private final NodeContext node;
    private final ChannelPattern pattern;
    private final Codec<M> codec;
    private final Messaging.Sealed bus;
    private final Options options;

    /** How this view of the channel differs. */
    record Options(Optional<History> history, Listening listening, TopicLayers layers) {

        static Options of(TopicLayers layers) {
            return new Options(Optional.empty(), Listening.DEFAULT, layers);
        }
    }

    TypedTopic(NodeContext node, ChannelPattern pattern, Codec<M> codec, Messaging.Sealed bus, Options options) {
        this.node = node;
        this.pattern = pattern;
        this.codec = codec;
        this.bus = bus;
        this.options = options;
    }

    @Override
    public String channel() {
        return pattern.text();
    }

    @Override
    public Topic<M> withHistory(History history) {
        exact("has no history");
        return with(new Options(Optional.of(history), options.listening, options.layers));
    }

    @Override
    public Topic<M> withBacklog(Backlog backlog) {
        return with(new Options(options.history, options.listening.with(backlog), options.layers));
    }

    @Override
    public Topic<M> nonBlocking() {
        return with(new Options(options.history, options.listening.nonBlocking(true), options.layers));
    }

    private Topic<M> with(Options changed) {
        return new TypedTopic<>(node, pattern, codec, bus, changed);
    }

    @Override
    public Topic<M> sharded() {
        exact("cannot be sharded");
        return new TypedTopic<>(node, pattern, codec, bus.sharded(), options);
    }

    @Override
    public Delivery publish(M message) {
        return node.await(() -> publishAsync(message), () -> "publish on " + channel());
    }

    @Override
    public CompletionStage<Delivery> publishAsync(M message) {
        exact("can only be subscribed to");
        refuseSecured();
        byte[] payload = Codecs.encode(codec, message, this::name);
        return options.layers.publish(
                channel(), headers -> bus.publish(channel(), 0, payload, headers, options.history));
    }

    @Override
    public Subscription subscribe(Start start, Listener<M> listener) {
        refuseSecured();
        if (options.history.isEmpty() && !(start instanceof Start.Now)) {
            history();
        }
        Decoder decoder = new Decoder(listener);
        node.life().ensureOpen();
        CompletionStage<Subscription> made = options.history.isPresent()
                ? bus.subscribe(pattern, decoder, options.listening, options.history.get(), start)
                : bus.subscribe(pattern, decoder, options.listening);
        try {
            return node.await(() -> made, () -> "subscribe to " + channel());
        } catch (RuntimeException e) {
            made.thenAccept(Subscription::close); // nobody else could
            throw e;
        }
    }

    @Override
    public Past<M> read(Start start, int most) {
        refuseSecured();
        Reading.Opener<M> opener = (arrival, position) -> received(codec, arrival, position);
        return new Reading<>(bus, channel(), opener, history()).read(start, most);
    }

    private History history() {
        return options.history.orElseThrow(() -> new IllegalStateException(
                "Topic " + channel() + " has no history: subscribe or read through withHistory(...)"));
    }

    private void exact(String otherwise) {
        if (!pattern.isExact()) {
            throw new IllegalStateException(channel() + " is a pattern, which " + otherwise);
        }
    }

    private String name() {
        return "Topic " + channel();
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
        public Runnable open(Arrival arrival, Optional<Position> position) {
            Received<M> received = received(codec, arrival, position);
            return options.layers.delivery(arrival, () -> listener.onReceived(received));
        }

        @Override
        public void onGap(Gap gap) {
            listener.onGap(gap);
        }

        @Override
        public boolean missesUnkept() {
            return true;
        }

        @Override
        public void onEnd(String reason) {
            listener.onEnd(reason);
        }
    }

    /**
     * Decodes what came.
     *
     * @throws io.covey.cluster.CodecException if the codec cannot read it
     */
    static <M> Received<M> received(Codec<M> codec, Arrival arrival, Optional<Position> position) {
        String channel = arrival.channel().text();
        M message = Codecs.decode(codec, arrival.payload(), () -> "Topic " + channel);
        return new Received<>(channel, message, arrival.sender().text(), position);
    }
}
