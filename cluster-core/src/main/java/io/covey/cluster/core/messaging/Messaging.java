package io.covey.cluster.core.messaging;

import io.covey.cluster.Codec;
import io.covey.cluster.NotSecuredException;
import io.covey.cluster.Registration;
import io.covey.cluster.Secret;
import io.covey.cluster.SignedBus;
import io.covey.cluster.Topic;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.MessageBus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The messages of a node. */
public final class Messaging {
    private final NodeContext node;
    private final Optional<MessageBus> bus;
    private final Rejections rejections;
    private final Optional<Sealed> topics;
    private final Optional<Sealed> nodes;

    /**
     * Derives the keys.
     *
     * @param node the node
     */
    public Messaging(NodeContext node) {
        this.node = node;
        this.bus = node.transport().bus();
        this.rejections = new Rejections(node.clock()::nanos);
        this.topics = bus.map(b -> seal(b, "topic"));
        this.nodes = bus.filter(b -> secured()).map(b -> seal(b, "node"));
    }

    /**
     * A topic.
     *
     * @param <M> the type of the messages
     * @param channel the channel or pattern
     * @param codec the format of the messages
     * @return the topic
     */
    public <M> Topic<M> topic(String channel, Codec<M> codec) {
        ChannelPattern pattern = new ChannelPattern(channel);
        return new TypedTopic<>(node, pattern, codec, node.require(topics, "message bus"));
    }

    /**
     * The bus of the secured namespace.
     *
     * @return the bus
     * @throws NotSecuredException if this node has no server token and the transport leaves the process
     */
    public SignedBus bus() {
        node.require(bus, "message bus");
        return new EnvelopeBus(nodes.orElseThrow(() -> new NotSecuredException(
                "Messages between nodes are signed, and this node has no server token: set COVEY_TOKEN to the same "
                        + "long random value on every node")));
    }

    /**
     * Whether there is a bus of the secured namespace.
     *
     * @return false if {@link #bus} would throw
     */
    public boolean secured() {
        return bus.isPresent()
                && (node.config().token().isPresent() || node.transport().inProcess());
    }

    private Sealed seal(MessageBus raw, String purpose) {
        List<Secret> tokens = node.config().token().stream().toList();
        Optional<KeyRing> ring = KeyRing.of(tokens, node.config().transport().namespace(), purpose);
        return new Sealed(node, raw, ring, rejections, new Outbox(node, raw, ring));
    }

    /** The bus beneath, with everything that goes over it in envelopes of one purpose. */
    record Sealed(NodeContext node, MessageBus raw, Optional<KeyRing> ring, Rejections rejections, Outbox outbox) {

        CompletionStage<Registration> subscribe(ChannelPattern pattern, Receiver receiver) {
            node.life().ensureOpen();
            Gate gate = new Gate(ring, node.config().maxFrameBytes(), node.clock(), rejections);
            Inbox inbox =
                    new Inbox(pattern.text(), gate, receiver, node.threads().sequence());
            return raw.subscribe(pattern, inbox).thenApply(inbox::registration);
        }
    }
}
