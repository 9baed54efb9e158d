package io.covey.cluster.rpc;

import io.covey.cluster.Cluster;
import io.covey.cluster.Members;
import io.covey.cluster.Node;
import io.covey.cluster.SignedBus;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.wire.RpcResponse;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Sends requests and keeps them until they are answered, lost or too late. */
final class Caller {
    private static final int MOST_OPEN = 10_000;

    private final Map<UUID, OpenCall<?>> open = new ConcurrentHashMap<>();
    private final Cluster cluster;
    private final SignedBus bus;
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService completions;

    Caller(Cluster cluster, ThreadFactory threads) {
        this.cluster = cluster;
        this.bus = cluster.bus();
        this.timer = new ScheduledThreadPoolExecutor(1, threads);
        this.timer.setRemoveOnCancelPolicy(true);
        this.completions = Executors.newCachedThreadPool(threads);
    }

    /** How many calls have no end yet. */
    int open() {
        return open.size();
    }

    /** Where futures complete and lookups block. */
    ExecutorService completions() {
        return completions;
    }

    boolean ended() {
        return timer.isShutdown();
    }

    /** Sends a request to nodes and collects what they answer; with {@code firstCounts} only until one has. */
    <Q, R> CompletableFuture<Replies<R>> send(
            String channel,
            List<Node> expected,
            boolean firstCounts,
            Procedure<Q, R> procedure,
            Q argument,
            Duration timeout) {
        OpenCall<R> call =
                new OpenCall<>(procedure.name(), cluster.codec(procedure.result()), expected, firstCounts, completions);
        if (ended()) {
            return CompletableFuture.failedFuture(closed());
        }
        if (open.size() >= MOST_OPEN) {
            return CompletableFuture.failedFuture(new RpcException(
                    Reason.BUSY,
                    "rpc " + procedure.name() + ": " + MOST_OPEN + " calls of this node are open; it was not sent"));
        }
        UUID id = UUID.randomUUID();
        byte[] frame = Frames.request(
                id, procedure.name(), cluster.codec(procedure.argument()).encode(argument), timeout);
        open.put(id, call);
        call.done().whenComplete((replies, thrown) -> open.remove(id));
        publish(channel, frame).whenComplete((delivery, thrown) -> {
            if (thrown != null) {
                Throwable cause = Await.unwrap(thrown);
                call.abort(cause instanceof RuntimeException known ? known : new IllegalStateException(cause));
            } else if (delivery == Delivery.NONE) {
                expected.forEach(node -> call.lost(node.id(), Reason.NO_NODE, "it is not there"));
            }
        });
        limit(call, timeout);
        return call.done();
    }

    /** Counts from after the request was stamped: a callee that starts it in time does so before its caller gives up. */
    private void limit(OpenCall<?> call, Duration timeout) {
        try {
            ScheduledFuture<?> late =
                    timer.schedule(() -> call.timeout(timeout.toMillis()), timeout.toNanos(), TimeUnit.NANOSECONDS);
            call.done().whenComplete((replies, thrown) -> late.cancel(false));
        } catch (RejectedExecutionException e) {
            call.abort(closed());
        }
    }

    private CompletionStage<Delivery> publish(String channel, byte[] frame) {
        try {
            return bus.publish(channel, Frames.REQUEST, frame);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    RpcException closed() {
        return new RpcException(Reason.CLOSED, "Node " + cluster.self().name() + " is closed");
    }

    void onResponse(String sender, RpcResponse response) {
        OpenCall<?> call = Frames.isCallId(response.getCallId()) ? open.get(Frames.callId(response.getCallId())) : null;
        if (call != null) {
            call.answer(sender, response);
        }
    }

    void onMember(Members.Change change, Node node) {
        if (change == Members.Change.LEFT || change == Members.Change.DIED) {
            open.values().forEach(call -> call.lost(node.id(), Reason.NODE_LOST, "it has left the cluster"));
        }
    }

    void close() {
        // In this order: a call that comes meanwhile either finds no timer or is among the open ones.
        timer.shutdownNow();
        open.values().forEach(call -> call.abort(closed()));
        completions.shutdown();
    }
}
