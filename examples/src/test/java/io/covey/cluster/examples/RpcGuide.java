package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.Node;
import io.covey.cluster.rpc.BuiltIn;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Replies;
import io.covey.cluster.rpc.Reply;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.RpcOptions;
import io.covey.cluster.rpc.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Logger;

/** The code of docs/rpc.md, so that it compiles. */
final class RpcGuide {
    private static final Logger log = Logger.getLogger("guide");

    static final Procedure<String, Long> WORDS = Procedure.of("text.words", String.class, Long.class);

    static final Procedure<String, Long> CAREFUL = WORDS.within(Duration.ofSeconds(2))
            .idempotent() // may be sent again
            .concurrency(4) // runs 4 at a time on a node, further calls wait
            .argumentUpTo(64 * 1024); // larger arguments are refused unread

    static final Procedure<String, Long> QUICK = WORDS.nonBlocking();

    static final Procedure<String, String> LOG = Procedure.of("log", String.class, String.class);

    private RpcGuide() {}

    static void serve(Cluster cluster) {
        Rpc rpc = Rpc.on(cluster);
        rpc.serve(WORDS, (text, call) -> text.lines().count());
    }

    static void call(Rpc rpc) throws Exception {
        Reply<Long> reply = rpc.call(Target.any(), WORDS, "to be or not").get();
        log.info(reply.from().name() + " counted " + reply.value());
    }

    static void targets(String nodeId) {
        List<Target> targets = List.of(
                Target.any(), // a member that serves it and is not busy
                Target.all(), // every member, the first answer counts
                Target.node(nodeId), // one member
                Target.owner("connection", "abc123")); // the one that holds something
    }

    static void all(Rpc rpc) throws Exception {
        Replies<Long> replies = rpc.callAll(WORDS, "to be or not").get();
        Map<Node, Long> answers = replies.answers();
        Map<Node, RpcException> failures = replies.failures(); // everybody else who was expected, and why
        Set<Node> died = replies.died(); // of these: died or left before they answered
        Set<Node> failed = replies.failed(); // threw, do not serve it, were busy
        Set<Node> silent = replies.silent(); // alive, and no answer in time
        replies.atLeast(2); // throws if there are fewer answers
    }

    static void logOnAll(Cluster cluster, Rpc rpc) throws Exception {
        rpc.serve(LOG, (text, call) -> {
            log.info(text + " (from " + call.caller() + ")");
            return "logged";
        });
        rpc.callAll(LOG, "hello from " + cluster.self().name()).get();
    }

    static void later(Rpc rpc) {
        rpc.serveAsync(WORDS, (text, call) -> CompletableFuture.supplyAsync(() -> count(text)));
    }

    private static long count(String text) {
        return text.lines().count();
    }

    static void cancel(Rpc rpc, Target target) {
        CompletableFuture<Reply<Long>> call = rpc.call(target, WORDS, "…");
        call.cancel(true);
    }

    static void context(Rpc rpc) {
        rpc.serve(WORDS, (text, call) -> {
            log.info(call.caller() + " waits for another " + call.remaining());
            return call.isCancelled() ? 0 : text.lines().count();
        });
    }

    static void headers(Cluster cluster, String traceparent) {
        Rpc traced = Rpc.on(cluster).withHeaders(Map.of("traceparent", traceparent));
        traced.call(Target.any(), WORDS, "to be or not");
    }

    static void options(Cluster cluster) {
        Rpc rpc = Rpc.on(
                cluster, RpcOptions.standard().withThreads(16).withWaiting(200).withOpenCalls(1000));
    }

    static void stats(Rpc rpc) throws Exception {
        Map<Node, BuiltIn.Stats> stats =
                rpc.callAll(BuiltIn.STATS, new byte[0]).get().answers();
    }
}
