package io.covey.cluster.core.messaging;

import io.covey.cluster.Codec;
import io.covey.cluster.History;
import io.covey.cluster.MessageStats;
import io.covey.cluster.NotSecuredException;
import io.covey.cluster.Registration;
import io.covey.cluster.Rejection;
import io.covey.cluster.Security;
import io.covey.cluster.SignedBus;
import io.covey.cluster.Start;
import io.covey.cluster.Subscription;
import io.covey.cluster.Tokens;
import io.covey.cluster.Topic;
import io.covey.cluster.TopicMiddleware;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.MessageBus;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The messages of a node. */
public final class Messaging {
    private static final Logger LOG = LoggerFactory.getLogger(Messaging.class);

    private final NodeContext node;
    private final Optional<MessageBus> bus;
    private final Security security;
    private final Secured secured;
    private final TokenBook tokens;
    private final Rejections rejections;
    private final Tally heard = new Tally();
    private final LongAdder published = new LongAdder();
    private final TopicLayers layers = new TopicLayers();
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
        this.security = node.config().security();
        this.secured = new Secured(security.namespaces());
        this.tokens = new TokenBook(security, node.config().transport().namespace());
        this.rejections = new Rejections(node.clock()::nanos);
        this.topics = bus.map(b -> seal(b, "topic"));
        this.nodes = bus.filter(b -> secured()).map(b -> seal(b, "node"));
    }

    /** Says so if nothing is signed, and follows the file of tokens if there is one. */
    public void start() {
        if (security.off()) {
            LOG.atWarn()
                    .addKeyValue("event", "node.unsecured")
                    .log(
                            "Node {} joined without security: nothing is signed, and whoever reaches {} can call what it serves",
                            node.self().id(),
                            node.transport().description());
        }
        security.file().ifPresent(file -> new TokenWatch(file, tokens).start(node.threads()));
    }

    /**
     * The server tokens.
     *
     * @return the tokens
     */
    public Tokens tokens() {
        return tokens;
    }

    /**
     * What was not let in.
     *
     * @return a copy
     */
    public Map<Rejection, Long> rejected() {
        return rejections.counts();
    }

    /**
     * What was sent and heard.
     *
     * @return the counts now
     */
    public MessageStats stats() {
        long rejected =
                rejections.counts().values().stream().mapToLong(Long::longValue).sum();
        return new MessageStats(
                published.sum(), heard.received(), heard.dropped(), heard.gaps(), rejected, heard.undecodable());
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
        return new TypedTopic<>(
                node, pattern, codec, node.require(topics, "message bus"), TypedTopic.Options.of(layers));
    }

    /**
     * Has something done around every message of the topics.
     *
     * @param middleware what is done
     * @return ends that
     */
    public Registration around(TopicMiddleware middleware) {
        node.life().ensureOpen();
        return layers.add(middleware);
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
                "Messages between nodes are signed, and this node has no server token: set COVEY_TOKEN, or "
                        + "the file that COVEY_TOKEN_FILE names, to the same long random value on every node")));
    }

    /**
     * Whether there is a bus of the secured namespace.
     *
     * @return false if {@link #bus} would throw
     */
    public boolean secured() {
        return bus.isPresent()
                && (!security.tokens().isEmpty()
                        || security.off()
                        || node.transport().inProcess());
    }

    private Sealed seal(MessageBus raw, String purpose) {
        Optional<KeyRing> ring = tokens.ring(purpose);
        return new Sealed(node, raw, secured, ring, rejections, new Outbox(node, ring, published), heard);
    }

    /** The bus beneath, with everything that goes over it in envelopes of one purpose. */
    record Sealed(
            NodeContext node,
            MessageBus raw,
            Secured secured,
            Optional<KeyRing> ring,
            Rejections rejections,
            Outbox outbox,
            Tally heard) {

        /** The same on channels that stay within one shard. Numbered as one: where there are no shards it is one channel. */
        Sealed sharded() {
            return new Sealed(node, raw.sharded(), secured, ring, rejections, outbox, heard);
        }

        CompletionStage<Delivery> publish(String channel, int kind, byte[] payload, Optional<History> history) {
            return publish(channel, kind, payload, TopicLayers.NO_HEADERS, history);
        }

        CompletionStage<Delivery> publish(
                String channel, int kind, byte[] payload, byte[] headers, Optional<History> history) {
            return outbox.publish(
                    channel,
                    kind,
                    payload,
                    headers,
                    history.isEmpty() ? raw::publish : (name, frame) -> raw.publish(name, frame, history.get()));
        }

        CompletionStage<Subscription> subscribe(ChannelPattern pattern, Receiver receiver, Listening how) {
            Inbox inbox = inbox(hearing(pattern, receiver), how, Optional.empty());
            return raw.subscribe(pattern, inbox)
                    .thenApply(made -> new Subscribed(inbox, inbox.registration(made), true, Optional.empty()));
        }

        /** Hears live first and reads the history then, so that nothing can fall between the two. */
        CompletionStage<Subscription> subscribe(
                ChannelPattern channel, Receiver receiver, Listening how, History history, Start start) {
            Hearing hearing = hearing(channel, receiver);
            CatchUp catchUp = new CatchUp(node, raw, channel.text(), history, hearing);
            Inbox inbox = inbox(hearing, how, Optional.of(catchUp));
            return raw.subscribe(channel, inbox).thenCompose(made -> {
                Registration registration = inbox.registration(made);
                return catchUp.begin(inbox, start).handle((recovered, thrown) -> {
                    if (thrown != null) {
                        registration.close();
                        throw new CompletionException(Await.unwrap(thrown));
                    }
                    return new Subscribed(inbox, registration, recovered, Optional.of(catchUp));
                });
            });
        }

        private Hearing hearing(ChannelPattern pattern, Receiver receiver) {
            node.life().ensureOpen();
            return new Hearing(pattern.text(), gate(), receiver, heard.part());
        }

        private Inbox inbox(Hearing hearing, Listening how, Optional<CatchUp> catchUp) {
            // Within a process that would be the publisher's thread, in the middle of its call.
            Optional<Executor> sequence = how.nonBlocking() && !node.transport().inProcess()
                    ? Optional.empty()
                    : Optional.of(node.threads().sequence());
            return new Inbox(hearing, sequence, how.backlog(), catchUp);
        }

        Gate gate() {
            return new Gate(ring, node.config().maxFrameBytes(), node.clock(), rejections);
        }
    }
}
