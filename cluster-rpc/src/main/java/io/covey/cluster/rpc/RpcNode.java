package io.covey.cluster.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.covey.cluster.Cluster;
import io.covey.cluster.Gap;
import io.covey.cluster.Members;
import io.covey.cluster.Node;
import io.covey.cluster.Registration;
import io.covey.cluster.SignedBus;
import io.covey.cluster.rpc.wire.RpcCancel;
import io.covey.cluster.rpc.wire.RpcOffer;
import io.covey.cluster.rpc.wire.RpcRequest;
import io.covey.cluster.rpc.wire.RpcResponse;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Names;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls of one node: opens its inbox, finds whom to call. */
final class RpcNode {
    private static final Logger LOG = LoggerFactory.getLogger(RpcNode.class);
    private static final Map<Cluster, RpcNode> NODES = new ConcurrentHashMap<>();

    private final Map<Class<?>, ServiceContract> contracts = new ConcurrentHashMap<>();
    private final List<Registration> registrations = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Rpc calls = new Calls(this, Map.of());
    private final RpcLayers layers = new RpcLayers();
    private final Cluster cluster;
    private final RpcOptions options;
    private final Ticker ticker;
    private final Completions completions;
    private final Lookups lookups;

    private final Post post;
    private final Caller caller;
    private final Callee callee;
    private final Offers offers;
    private final OwnOffer ownOffer;

    private RpcNode(Cluster cluster, RpcOptions options) {
        this.cluster = cluster;
        this.options = options;
        ThreadFactory threads = threads(cluster.self().name());
        this.completions = new Completions(threads);
        this.lookups = new Lookups(threads, options.openCalls());
        this.ticker = new Ticker(threads, this::tick);
        this.post = new Post(cluster.bus());
        this.caller = new Caller(cluster, post, options, ticker, completions, this::ifDeaf);
        this.callee = new Callee(cluster, post, options, layers, threads);
        this.offers = new Offers(cluster.members());
        this.ownOffer = new OwnOffer(post, callee::names, ticker);
        completions.watchedBy(ticker);
    }

    static Rpc of(Cluster cluster) {
        RpcNode node = NODES.get(cluster);
        return node != null ? node.calls : opened(cluster, RpcOptions.standard()).calls;
    }

    static Rpc of(Cluster cluster, RpcOptions options) {
        RpcNode node = opened(cluster, options);
        if (!node.options.equals(options)) {
            throw new IllegalStateException("The calls of node " + node.name() + " were opened with " + node.options
                    + " and cannot be with " + options);
        }
        return node.calls;
    }

    private static RpcNode opened(Cluster cluster, RpcOptions options) {
        return NODES.computeIfAbsent(cluster, key -> {
            RpcNode node = new RpcNode(key, options);
            try {
                node.start();
            } catch (RuntimeException e) {
                node.stop(Duration.ZERO);
                throw e;
            }
            return node;
        });
    }

    private void start() {
        BuiltIn.serve(calls, cluster, this::stats);
        Duration patience = cluster.config().transport().commandTimeout();
        for (String channel : List.of(Frames.inbox(cluster.self().id()), Frames.EVERYONE)) {
            registrations.add(Await.on(post.subscribe(channel, new Ear()), patience, "subscribe to " + channel));
        }
        registrations.add(cluster.members().onChange(this::onMember));
        registrations.add(cluster.closeWith(this::close));
        ownOffer.ask();
    }

    String name() {
        return cluster.self().name();
    }

    BuiltIn.Stats stats() {
        return callee.stats(caller.begun(), caller.open());
    }

    Registration around(RpcMiddleware middleware) {
        return layers.add(middleware);
    }

    ServiceContract contract(Class<?> service) {
        return contracts.computeIfAbsent(service, type -> ServiceContract.of(type, cluster));
    }

    /** Hears what comes on one channel. */
    private final class Ear implements SignedBus.Listener {

        @Override
        public void onMessage(SignedBus.Message message) {
            try {
                switch (message.kind()) {
                    case Frames.REQUEST ->
                        callee.onRequest(message, Frames.read(RpcRequest.parser(), message.payload()));
                    case Frames.RESPONSE ->
                        caller.onResponse(message.sender(), Frames.read(RpcResponse.parser(), message.payload()));
                    case Frames.CANCEL -> callee.onCancel(message, Frames.read(RpcCancel.parser(), message.payload()));
                    case Frames.GOODBYE -> onGoodbye(message.sender(), message.sentAtMillis());
                    case Frames.OFFER -> onOffer(message, Frames.read(RpcOffer.parser(), message.payload()));
                    default -> LOG.debug("A message of kind {} is of a newer version", message.kind());
                }
            } catch (InvalidProtocolBufferException e) {
                LOG.warn("A message of {} is no RPC frame; it is dropped", message.sender());
            }
        }

        /** Handlers have threads of their own, but for those that say that they never block. */
        @Override
        public boolean isQuick() {
            return true;
        }

        /** Requests, answers and offers may be among what is missing. */
        @Override
        public void onGap(Gap gap) {
            caller.onGap(gap.reason());
            ownOffer.ask();
        }
    }

    private void ifDeaf(Node node, Runnable then) {
        if (!node.equals(cluster.self()) && !offers.knows(node)) {
            ownOffer.ask(node.id(), then);
        }
    }

    private void onOffer(SignedBus.Message message, RpcOffer offer) {
        if (!message.sender().equals(cluster.self().id())) {
            offers.heard(message.sender(), offer);
            caller.onOffer(message.sender(), message.sentAtMillis());
            if (offer.getAsks()) {
                ownOffer.tell(message.sender());
            }
        } else if (!offer.getAsks()) {
            offers.heard(message.sender(), offer);
        }
    }

    private void onGoodbye(String node, long sentAtMillis) {
        if (!node.equals(cluster.self().id())) {
            boolean isMember = cluster.members().find(node).isPresent();
            if (isMember) {
                offers.closing(node);
            }
            caller.onGoodbye(node, sentAtMillis, isMember);
        }
    }

    private void onMember(Members.Change change, Node node) {
        if (change == Members.Change.LEFT) {
            caller.onLeft(node);
            offers.gone(node);
        } else if (change == Members.Change.DIED) {
            caller.onDied(node);
            offers.gone(node);
        }
    }

    private long tick(long now) {
        return Math.min(caller.tick(now), Math.min(completions.tick(now), ownOffer.tick(now)));
    }

    <Q, R> Registration serve(Procedure<Q, R> procedure, AsyncRpcHandler<Q, R> handler) {
        Registration served = callee.serve(procedure, handler);
        ownOffer.changed();
        return () -> {
            served.close();
            ownOffer.changed();
        };
    }

    <Q, R> CompletableFuture<Reply<R>> call(
            Target target, Procedure<Q, R> procedure, Q argument, Map<String, String> headers) {
        return layers.call(
                target,
                procedure,
                headers,
                all -> target instanceof Target.All
                        ? caller.all(true, Replies::first, procedure, argument, all)
                        : caller.one(candidates(target, procedure), procedure, argument, all));
    }

    <Q, R> CompletableFuture<Replies<R>> callAll(Procedure<Q, R> procedure, Q argument, Map<String, String> headers) {
        return layers.call(
                Target.all(),
                procedure,
                headers,
                all -> caller.all(false, replies -> replies, procedure, argument, all));
    }

    private Candidates candidates(Target target, Procedure<?, ?> procedure) {
        if (target instanceof Target.OneNode one) {
            return new Found(
                    () -> "node " + Names.printable(one.id()),
                    () -> cluster.members().find(one.id()),
                    () -> refreshed(one.id()),
                    lookups);
        }
        if (target instanceof Target.Owner owner) {
            return new Found(
                    () -> "holder of " + Names.printable(owner.kind() + " " + owner.key()),
                    Optional::empty,
                    () -> cluster.owners().find(owner.kind(), owner.key()),
                    lookups);
        }
        return offers.any(procedure.name(), lookups);
    }

    private Optional<Node> refreshed(String id) {
        return cluster.members().refresh().stream()
                .filter(node -> node.id().equals(id))
                .findFirst();
    }

    private static ThreadFactory threads(String node) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "covey-" + node + "-rpc-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** For tests. */
    static int openCalls(Cluster cluster) {
        return NODES.get(cluster).caller.open();
    }

    /** For tests. */
    static void gap(Cluster cluster, String why) {
        NODES.get(cluster).caller.onGap(why);
    }

    /** For tests. */
    static boolean saidGoodbye(Cluster cluster, Cluster other) {
        return NODES.get(cluster).caller.saidGoodbye(other.self().id());
    }

    /** For tests: as if the time had gone on for the calls of a node. */
    static void advance(Cluster cluster, Duration by) {
        Caller caller = NODES.get(cluster).caller;
        caller.tick(caller.now() + by.toNanos());
    }

    /** Handlers that run may still call others, so the inbox closes last. */
    private void stop(Duration drain) {
        if (callee.close(drain)) {
            sayGoodbye();
        }
        caller.close();
        ticker.close();
        lookups.close();
        completions.close();
        registrations.forEach(Registration::close);
    }

    /**
     * On the channels of the answers, so that it comes after them: who still waits knows that its call was not run, and
     * asks another. Returns when the backend has it, and with it all answers.
     */
    private void sayGoodbye() {
        try {
            CompletableFuture<?>[] told = cluster.members().list().stream()
                    .filter(node -> !node.equals(cluster.self()))
                    .map(node -> post.publish(Frames.inbox(node.id()), Frames.GOODBYE, new byte[0])
                            .toCompletableFuture())
                    .toArray(CompletableFuture<?>[]::new);
            Await.on(CompletableFuture.allOf(told), cluster.config().transport().commandTimeout(), "say goodbye");
        } catch (RuntimeException e) {
            LOG.debug("Calls that this node has not run are lost for those who made them", e);
        }
    }

    private void close(Duration drain) {
        if (closed.compareAndSet(false, true)) {
            NODES.remove(cluster, this);
            stop(drain);
        }
    }

    void close() {
        close(cluster.config().drain());
    }
}
