package io.covey.cluster.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.covey.cluster.Cluster;
import io.covey.cluster.Members;
import io.covey.cluster.Node;
import io.covey.cluster.Registration;
import io.covey.cluster.SignedBus;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.wire.RpcRequest;
import io.covey.cluster.rpc.wire.RpcResponse;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Names;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls of one node: opens its inbox, finds whom to call. */
final class RpcNode implements Rpc {
    private static final Logger LOG = LoggerFactory.getLogger(RpcNode.class);
    private static final Map<Cluster, RpcNode> NODES = new ConcurrentHashMap<>();

    private final Cluster cluster;
    private final Caller caller;
    private final Callee callee;
    /** Procedure to the nodes that were found not to serve it: the last to be asked again. */
    private final Map<String, Set<String>> unfit = new ConcurrentHashMap<>();

    private final List<Registration> registrations = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private RpcNode(Cluster cluster) {
        this.cluster = cluster;
        ThreadFactory threads = threads(cluster.self().name());
        this.caller = new Caller(cluster, threads);
        this.callee = new Callee(cluster, threads);
    }

    static RpcNode of(Cluster cluster) {
        return NODES.computeIfAbsent(cluster, key -> {
            RpcNode node = new RpcNode(key);
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
        BuiltIn.serve(this, cluster);
        Duration patience = cluster.config().transport().commandTimeout();
        for (String channel : List.of(Frames.inbox(cluster.self().id()), Frames.EVERYONE)) {
            registrations.add(
                    Await.on(cluster.bus().subscribe(channel, this::onMessage), patience, "subscribe to " + channel));
        }
        registrations.add(cluster.members().onChange(this::onMember));
        registrations.add(cluster.closeWith(this::close));
    }

    private void onMessage(SignedBus.Message message) {
        try {
            if (message.kind() == Frames.REQUEST) {
                callee.onRequest(message, RpcRequest.parseFrom(message.payload()));
            } else if (message.kind() == Frames.RESPONSE) {
                caller.onResponse(message.sender(), RpcResponse.parseFrom(message.payload()));
            }
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("A message of {} is no RPC frame; it is dropped", message.sender());
        }
    }

    @Override
    public <Q, R> Registration serve(Procedure<Q, R> procedure, RpcHandler<Q, R> handler) {
        return callee.serve(procedure, handler);
    }

    @Override
    public <Q, R> CompletableFuture<Reply<R>> call(Target target, Procedure<Q, R> procedure, Q argument) {
        if (caller.ended()) {
            return CompletableFuture.failedFuture(caller.closed());
        }
        if (target instanceof Target.All) {
            return first(caller.send(
                    Frames.EVERYONE, cluster.members().list(), true, procedure, argument, procedure.timeout()));
        }
        if (target instanceof Target.Any) {
            Underway underway = new Underway();
            return underway.isCancelledBy(
                    tryNext(candidates(procedure.name()), procedure, argument, deadline(procedure), underway));
        }
        if (target instanceof Target.OneNode one) {
            Optional<Node> known = cluster.members().find(one.id());
            return known.isPresent()
                    ? toNode(known.get(), procedure, argument, procedure.timeout())
                    : lookUp(() -> refreshed(one.id()), "node " + Names.printable(one.id()), procedure, argument);
        }
        Target.Owner owner = (Target.Owner) target;
        return lookUp(
                () -> cluster.owners().find(owner.kind(), owner.key()),
                "holder of " + Names.printable(owner.kind() + " " + owner.key()),
                procedure,
                argument);
    }

    @Override
    public <Q, R> CompletableFuture<Replies<R>> callAll(Procedure<Q, R> procedure, Q argument) {
        if (caller.ended()) {
            return CompletableFuture.failedFuture(caller.closed());
        }
        return caller.send(Frames.EVERYONE, cluster.members().list(), false, procedure, argument, procedure.timeout());
    }

    private <Q, R> CompletableFuture<Reply<R>> toNode(
            Node node, Procedure<Q, R> procedure, Q argument, Duration timeout) {
        return first(caller.send(Frames.inbox(node.id()), List.of(node), true, procedure, argument, timeout));
    }

    private static <R> CompletableFuture<Reply<R>> first(CompletableFuture<Replies<R>> all) {
        Underway underway = new Underway();
        return underway.is(all).isCancelledBy(all.thenApply(RpcNode::first));
    }

    private <Q, R> CompletableFuture<Reply<R>> lookUp(
            Lookup lookup, String what, Procedure<Q, R> procedure, Q argument) {
        long deadline = deadline(procedure);
        CompletableFuture<Optional<Node>> looking;
        try {
            looking = CompletableFuture.supplyAsync(lookup::find, caller.completions());
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(caller.closed());
        }
        Underway underway = new Underway();
        return underway.isCancelledBy(looking.thenCompose(node -> {
            Node found = node.orElseThrow(() -> new RpcException(
                    Reason.NO_NODE,
                    "rpc " + procedure.name() + ": the " + what + " is not in the cluster; it was not sent"));
            CompletableFuture<Reply<R>> call = toNode(found, procedure, argument, left(deadline));
            underway.is(call);
            return call;
        }));
    }

    /** Finds a node; may block. */
    private interface Lookup {
        Optional<Node> find();
    }

    private Optional<Node> refreshed(String id) {
        return cluster.members().refresh().stream()
                .filter(node -> node.id().equals(id))
                .findFirst();
    }

    /** All members in random order, those last that were found not to serve the procedure. */
    private List<Node> candidates(String procedure) {
        List<Node> nodes = new ArrayList<>(cluster.members().list());
        Collections.shuffle(nodes);
        Set<String> last = unfit.getOrDefault(procedure, Set.of());
        nodes.sort(Comparator.comparing(node -> last.contains(node.id())));
        return nodes;
    }

    private <Q, R> CompletableFuture<Reply<R>> tryNext(
            List<Node> candidates, Procedure<Q, R> procedure, Q argument, long deadline, Underway underway) {
        Node node = candidates.remove(0);
        CompletableFuture<Reply<R>> call = toNode(node, procedure, argument, left(deadline));
        underway.is(call);
        return call.handle((reply, thrown) -> {
                    if (thrown == null) {
                        return CompletableFuture.completedFuture(reply);
                    }
                    return didNotRun(node, procedure, Await.unwrap(thrown))
                                    && !candidates.isEmpty()
                                    && System.nanoTime() < deadline
                            ? tryNext(candidates, procedure, argument, deadline, underway)
                            : CompletableFuture.<Reply<R>>failedFuture(Await.unwrap(thrown));
                })
                .thenCompose(next -> next);
    }

    private boolean didNotRun(Node node, Procedure<?, ?> procedure, Throwable thrown) {
        if (!(thrown instanceof RpcException known)) {
            return false;
        }
        if (known.reason() == Reason.UNKNOWN_PROCEDURE) {
            unfit.computeIfAbsent(procedure.name(), name -> ConcurrentHashMap.newKeySet())
                    .add(node.id());
        }
        return known.reason().didNotRun();
    }

    private void onMember(Members.Change change, Node node) {
        caller.onMember(change, node);
        if (change != Members.Change.JOINED) {
            unfit.values().forEach(nodes -> nodes.remove(node.id()));
        }
    }

    private static <R> Reply<R> first(Replies<R> replies) {
        return replies.answers().entrySet().stream()
                .findFirst()
                .map(entry -> new Reply<>(entry.getKey(), entry.getValue()))
                .orElseThrow(() -> replies.failures().values().iterator().next());
    }

    private static long deadline(Procedure<?, ?> procedure) {
        return System.nanoTime() + procedure.timeout().toNanos();
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
    }

    private static ThreadFactory threads(String node) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "covey-" + node + "-rpc-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    int openCalls() {
        return caller.open();
    }

    /** Handlers that run may still call others, so the inbox closes last. */
    private void stop(Duration drain) {
        callee.close(drain);
        caller.close();
        registrations.forEach(Registration::close);
    }

    private void close(Duration drain) {
        if (closed.compareAndSet(false, true)) {
            NODES.remove(cluster, this);
            stop(drain);
        }
    }

    @Override
    public void close() {
        close(cluster.config().drain());
    }
}
