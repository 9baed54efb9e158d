package io.covey.cluster.bench.peers;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Secret;
import io.covey.cluster.Topic;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Reply;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Ours, typed and signed; the variant is {@code jedis} or {@code lettuce}. */
public final class CoveyMessaging implements MessagingContestant {
    private static final Procedure<String, String> ECHO =
            Procedure.of("echo", String.class, String.class).nonBlocking();

    private final Deque<Cluster> nodes = new ArrayDeque<>();
    private final Map<String, Topic<String>> topics = new ConcurrentHashMap<>();
    private @Nullable Supplier<Cluster> joining;
    private @Nullable Cluster node;
    private @Nullable Rpc rpc;
    private @Nullable Target peer;

    /** For the corner. */
    public CoveyMessaging() {}

    @Override
    public void open(int port, String variant) {
        ClusterConfig config = ClusterConfig.builder("redis+" + variant + "://127.0.0.1:" + port)
                .name("match")
                .token(Secret.of("8c1f5b0e7d3a4926b7e0"))
                .build();
        open(() -> Cluster.join(config));
    }

    /** Takes nodes of any kind. */
    public void open(Supplier<Cluster> nodesOf) {
        joining = nodesOf;
        node = join();
        rpc = Rpc.on(node);
    }

    private Cluster join() {
        Cluster joined = joining.get();
        nodes.push(joined);
        return joined;
    }

    @Override
    public String serve() {
        rpc.serve(ECHO, (argument, caller) -> argument);
        return node.self().id();
    }

    @Override
    public void meet(String id) {
        peer = Target.node(id);
    }

    @Override
    public CompletableFuture<String> call(String argument) {
        return rpc.call(peer, ECHO, argument).thenApply(Reply::value);
    }

    @Override
    public String callAndWait(String argument) {
        return rpc.call(peer, ECHO, argument).join().value();
    }

    @Override
    public void subscribe(String channel, Consumer<String> subscriber) {
        join().topic("/" + channel, String.class).nonBlocking().subscribe(subscriber);
    }

    @Override
    public CompletableFuture<?> publish(String channel, String message) {
        return topics.computeIfAbsent(channel, name -> node.topic("/" + name, String.class))
                .publishAsync(message)
                .toCompletableFuture();
    }

    @Override
    public void close() {
        nodes.forEach(Cluster::close);
    }
}
