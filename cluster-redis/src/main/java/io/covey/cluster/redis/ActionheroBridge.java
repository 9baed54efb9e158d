package io.covey.cluster.redis;

import io.covey.cluster.ClusterException;
import io.covey.cluster.CodecException;
import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.ActionheroTally.Kind;
import io.covey.cluster.redis.ActionheroWire.Answer;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Names;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node as one of an actionhero fleet: on its channel, with its server token, it calls methods on its nodes and is called
 * by them, and takes part in its chat. There is none unless it is opened.
 *
 * <p><b>This channel is as weak as actionhero's own.</b> The token stands in every message: whoever can subscribe has it, and
 * can then call what is served here, answer in the place of others, and send again what was sent before. So nodes of ours
 * never run what is not listed by {@link #serve}, and nothing of Covey's own goes this way. See {@code docs/actionhero.md}.
 *
 * <p>Messages have at most 1 MiB of JSON, 64 levels deep. Thread-safe.
 */
public final class ActionheroBridge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ActionheroBridge.class);
    private static final String DEFAULT_TOKEN = "change-me";
    private static final int SHORT_TOKEN = 16;
    private static final Duration LONGEST = Duration.ofHours(1);

    private final ActionheroKeys keys;
    private final String channel;
    private final Duration timeout;
    private final ActionheroWire wire;
    private final ActionheroTally tally;
    private final ActionheroThreads threads;
    private final ActionheroOpenCalls open;
    private final ActionheroHeld held;
    private final ActionheroMethods methods;
    private final ActionheroChat chat;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final List<Registration> registrations = new ArrayList<>();

    private ActionheroBridge(Builder settings) {
        this.keys = settings.keys;
        this.channel = settings.channel;
        this.timeout = settings.timeout;
        this.wire = new ActionheroWire(settings.format, settings.token, settings.id);
        this.tally = new ActionheroTally(channel);
        this.threads = new ActionheroThreads(keys.cluster().self().name());
        this.open = new ActionheroOpenCalls(keys.redis(), threads.answers());
        this.held = new ActionheroHeld(new ActionheroRooms(keys), settings.id);
        this.methods = new ActionheroMethods(keys.cluster(), wire, tally, threads.calls(), held::holds, this::publish);
        this.chat = new ActionheroChat(this, keys, wire, held, threads.chat());
    }

    /** How a bridge is opened. */
    public static final class Builder {
        private final ActionheroKeys keys;
        private final RedisTransport transport;
        private final ActionheroFormat format;
        private final String token;
        private String channel = "actionhero";
        private String id;
        private Duration timeout = Duration.ofSeconds(5);

        Builder(ActionheroKeys keys, RedisTransport transport, ActionheroFormat format, String token) {
            this.keys = keys;
            this.transport = transport;
            this.format = format;
            this.token = token;
            this.id = keys.cluster().self().id();
            if (token.isEmpty()) {
                throw new IllegalArgumentException("actionhero: the server token is empty");
            }
        }

        /**
         * For fleets that set {@code config.general.channel}, in version 9 {@code config.redis.channel}.
         *
         * @param name the channel, {@code actionhero} if not set
         * @return this
         */
        public Builder channel(String name) {
            this.channel = ActionheroKeys.checked("channel", name);
            return this;
        }

        /**
         * What this node calls itself: the {@code serverId} of its messages and the {@code host} of its members.
         *
         * @param name the id, this node's own if not set
         * @return this
         */
        public Builder id(String name) {
            this.id = ActionheroKeys.checked("node's id", name);
            return this;
        }

        /**
         * How long calls wait for an answer, actionhero's {@code rpcTimeout}.
         *
         * @param longest 1 ms to an hour, 5 s if not set
         * @return this
         */
        public Builder timeout(Duration longest) {
            this.timeout = checked(longest);
            return this;
        }

        /**
         * Joins the fleet; the bridge ends with the node at the latest.
         *
         * @return the open bridge
         * @throws TransportException if Redis does not confirm the subscription
         */
        public ActionheroBridge open() {
            if (token.equals(DEFAULT_TOKEN) || token.length() < SHORT_TOKEN) {
                LOG.warn(
                        "The server token of the actionhero fleet is its default or shorter than {} characters: whoever"
                                + " can publish to Redis can guess it and call what this node serves on channel {}",
                        SHORT_TOKEN,
                        channel);
            }
            ActionheroBridge bridge = new ActionheroBridge(this);
            try {
                bridge.start(transport.messages());
            } catch (RuntimeException e) {
                bridge.close(Duration.ZERO);
                throw e;
            }
            return bridge;
        }
    }

    /** Runs a method for others. */
    @FunctionalInterface
    public interface Handler {

        /**
         * Is called on a thread of the bridge, up to eight at a time; 1000 may wait, more are dropped.
         *
         * @param request what is asked
         * @return the answer: null, text, or what is JSON in this platform's default format. A caller of version 9 is
         *     called back with null and this
         * @throws Exception then it is logged and counted, and the caller hears nothing, as of a method that is absent
         */
        @Nullable
        Object handle(Request request) throws Exception;
    }

    /**
     * What somebody asks for.
     *
     * @param method the method's name
     * @param args its arguments
     * @param connectionId the connection whose holder is asked, one that this node holds; empty if all nodes are
     * @param server what the asking node calls itself, which nobody checks
     */
    public record Request(String method, List<ActionheroValue> args, Optional<String> connectionId, String server) {

        /**
         * Reads an argument.
         *
         * @param <T> its type
         * @param index which, from 0
         * @param type as for {@link ActionheroValue#as}
         * @return the argument
         * @throws CodecException if it is absent, null, or of another form
         */
        public <T> T arg(int index, Class<T> type) {
            if (index >= args.size()) {
                throw new CodecException("actionhero's " + method + " was called with " + args.size()
                        + " arguments, argument " + index + " is missing");
            }
            return args.get(index).as(type);
        }
    }

    /**
     * What came so far.
     *
     * @param heard messages with the right token, those of this node as well
     * @param served calls that were run and answered
     * @param refused calls of methods that are not served
     * @param failed calls whose handler threw
     * @param foreign messages with another token, or none
     * @param malformed messages that are too long, too deep, or none of actionhero's
     * @param overflowed messages and calls that were dropped since too many were waiting
     */
    public record Counts(
            long heard, long served, long refused, long failed, long foreign, long malformed, long overflowed) {}

    private void start(RedisMessageBus bus) {
        chat.serve();
        ActionheroInbox inbox = new ActionheroInbox(wire, tally, threads.reader(), new ActionheroInbox.Route() {
            @Override
            public void take(ActionheroWire.Message message, Runnable done) {
                route(message, done);
            }

            @Override
            public void missed(String reason) {
                chat.missed(reason);
            }
        });
        Duration patience = keys.redis().commandTimeout().plusMillis(500);
        registrations.add(
                Await.on(bus.foreign(channel, inbox), patience, "subscribe to actionhero's channel " + channel));
        registrations.add(keys.cluster().closeWith(this::close));
    }

    private void route(ActionheroWire.Message message, Runnable done) {
        if (message instanceof ActionheroWire.Do question) {
            methods.take(question, done);
        } else if (message instanceof ActionheroWire.Chat said) {
            chat.take(said, done);
        } else {
            if (message instanceof Answer answer) {
                open.answered(answer);
            }
            done.run();
        }
    }

    /**
     * Lets actionhero's nodes call a method here. Nothing else can be called, except that they may add and remove the
     * connections that this node holds to and from rooms.
     *
     * @param method its name, {@code api.NAME} or {@code api.NAME.NAME}
     * @param handler runs it
     * @return ends it
     * @throws IllegalArgumentException if the name is another, or is served already
     */
    public Registration serve(String method, Handler handler) {
        return methods.serve(method, handler);
    }

    /**
     * Calls a method on actionhero's nodes.
     *
     * @param method its name, {@code api.NAME} or {@code api.NAME.NAME}
     * @return the call, to be sent
     * @throws IllegalArgumentException if the name is another
     */
    public ActionheroCall call(String method) {
        return new ActionheroCall(this, ActionheroMethods.checked(method), List.of(), Optional.empty(), timeout);
    }

    /**
     * Holds a connection: calls that are for its holder alone are run here. When the registration ends, or the bridge, the
     * connection leaves its rooms.
     *
     * @param connectionId its id, one that no other node has
     * @return ends it
     * @throws IllegalArgumentException if it is held already
     */
    public Registration hold(String connectionId) {
        ensureOpen();
        return held.hold(connectionId);
    }

    /**
     * The fleet's chat.
     *
     * @return the chat, always the same
     */
    public ActionheroChat chat() {
        return chat;
    }

    /**
     * What came so far.
     *
     * @return a snapshot
     */
    public Counts counts() {
        return new Counts(
                tally.of(Kind.HEARD),
                tally.of(Kind.SERVED),
                tally.of(Kind.REFUSED),
                tally.of(Kind.FAILED),
                tally.of(Kind.FOREIGN),
                tally.of(Kind.MALFORMED),
                tally.of(Kind.OVERFLOWED));
    }

    Duration timeout() {
        return timeout;
    }

    static Duration checked(Duration longest) {
        if (longest.compareTo(Duration.ofMillis(1)) < 0 || longest.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("actionhero: a timeout is 1 ms to " + LONGEST + ", was " + longest);
        }
        return longest;
    }

    CompletionStage<Object> publish(byte[] message) {
        ensureOpen();
        return keys.redis().send(RedisCommand.keyed("PUBLISH", channel, message));
    }

    CompletableFuture<Void> send(String method, List<@Nullable Object> args, Optional<String> connection) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        byte[] message = message(UUID.randomUUID().toString(), method, args, connection);
        publish(message).whenComplete((reply, thrown) -> {
            if (thrown == null) {
                open.later(() -> sent.complete(null));
            } else {
                open.fail(sent, Await.unwrap(thrown));
            }
        });
        return sent;
    }

    CompletableFuture<ActionheroValue> ask(
            String method, List<@Nullable Object> args, Optional<String> connection, Duration longest) {
        ensureOpen();
        String id = UUID.randomUUID().toString();
        String what = "actionhero's " + method
                + connection
                        .map(holder -> " at the holder of " + Names.printable(holder))
                        .orElse("");
        byte[] message = message(id, method, args, connection);
        CompletableFuture<Answer> call = open.open(id, what, longest);
        if (!call.isDone()) {
            publish(message).whenComplete((reply, thrown) -> {
                if (thrown != null) {
                    open.fail(call, Await.unwrap(thrown));
                }
            });
        }
        return call.thenApply(
                answer -> new ActionheroValue(keys.cluster(), answer.result(what), "the answer to " + what));
    }

    private byte[] message(String id, String method, List<@Nullable Object> args, Optional<String> connection) {
        List<@Nullable Object> trees = new ArrayList<>();
        for (@Nullable Object arg : args) {
            trees.add(ActionheroValue.tree(
                    keys.cluster(), arg, "argument " + trees.size() + " of actionhero's " + method));
        }
        return wire.call(id, method, connection, trees);
    }

    private void ensureOpen() {
        if (closed.get()) {
            throw new ClusterException("The bridge to actionhero is closed");
        }
    }

    /** Leaves the fleet with the default drain time of the node's settings. Twice is fine. */
    @Override
    public void close() {
        close(keys.cluster().config().drain());
    }

    private void close(Duration drain) {
        if (closed.get()) {
            return;
        }
        if (!registrations.isEmpty()) {
            registrations.get(0).close();
        }
        long deadline = System.nanoTime() + drain.toNanos();
        threads.drain(deadline); // their answers are still sent
        held.endAll();
        if (closed.compareAndSet(false, true)) {
            open.close();
            threads.close(deadline);
            registrations.forEach(Registration::close);
        }
    }

    /** Names the channel, not the token. */
    @Override
    public String toString() {
        return "bridge to actionhero on channel " + channel;
    }
}
