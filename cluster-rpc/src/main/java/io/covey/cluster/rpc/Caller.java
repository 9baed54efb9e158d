package io.covey.cluster.rpc;

import io.covey.cluster.Cluster;
import io.covey.cluster.Node;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.wire.RpcResponse;
import io.covey.cluster.spi.Delivery;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends requests and keeps them until they are answered, lost or too late. */
final class Caller {
    private static final Logger LOG = LoggerFactory.getLogger(Caller.class);

    /** How long after a node has left its last answers and its goodbye are waited for. */
    private static final long LAST_WORDS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<UUID, OpenCall> open = new ConcurrentHashMap<>();
    /** When it was said, in the sender's milliseconds. */
    private final Map<String, Long> goodbyes = new ConcurrentHashMap<>();

    private final Map<String, Long> leaving = new ConcurrentHashMap<>();
    private final CallIds ids = new CallIds();
    private final LongAdder begun = new LongAdder();
    private final Cluster cluster;
    private final Post post;
    private final RpcOptions options;
    private final Ticker ticker;
    private final Executor completions;
    private final BiConsumer<Node, Runnable> deafness;
    private volatile boolean closed;

    /**
     * @param deafness runs what it is given if a node turns out to hear no calls
     */
    Caller(
            Cluster cluster,
            Post post,
            RpcOptions options,
            Ticker ticker,
            Executor completions,
            BiConsumer<Node, Runnable> deafness) {
        this.cluster = cluster;
        this.post = post;
        this.options = options;
        this.ticker = ticker;
        this.completions = completions;
        this.deafness = deafness;
    }

    /** How many calls have no end yet. */
    int open() {
        return open.size();
    }

    /** How many calls were begun. */
    long begun() {
        return begun.sum();
    }

    long now() {
        return ticker.now();
    }

    void due(long at) {
        ticker.due(at);
    }

    <Q, R> CompletableFuture<Reply<R>> one(
            Candidates candidates, Procedure<Q, R> procedure, Q argument, Map<String, String> headers) {
        CallFuture<Reply<R>> done = new CallFuture<>(completions);
        return begin(procedure, argument, headers, done, asking -> new OneCall<>(asking, candidates, done));
    }

    <Q, R, T> CompletableFuture<T> all(
            boolean firstCounts,
            Function<Replies<R>, T> outcome,
            Procedure<Q, R> procedure,
            Q argument,
            Map<String, String> headers) {
        CallFuture<T> done = new CallFuture<>(completions);
        return begin(
                procedure,
                argument,
                headers,
                done,
                asking -> new AllCall<>(asking, cluster.members().list(), firstCounts, outcome, done));
    }

    private <Q, R, T> CompletableFuture<T> begin(
            Procedure<Q, R> procedure,
            Q argument,
            Map<String, String> headers,
            CallFuture<T> done,
            Function<Asking<R>, OpenCall> kind) {
        try {
            ensureRoom(procedure.name());
            Asking<R> asking = asking(procedure, argument, headers);
            OpenCall call = kind.apply(asking);
            open.put(asking.request().id(), call);
            begun.increment();
            ticker.due(asking.deadline());
            // One that comes while this closes is either seen there, or sees it here.
            if (closed) {
                call.abort(closed());
            } else {
                call.start();
            }
        } catch (RuntimeException e) {
            done.fail(e);
        }
        return done;
    }

    private void ensureRoom(String procedure) {
        if (closed) {
            throw closed();
        }
        if (open.size() >= options.openCalls()) {
            throw new RpcException(
                    Reason.BUSY,
                    "rpc " + procedure + ": " + options.openCalls() + " calls of this node are open; it was not sent");
        }
    }

    private <Q, R> Asking<R> asking(Procedure<Q, R> procedure, Q argument, Map<String, String> headers) {
        Request request = new Request(
                ids.next(),
                procedure.name(),
                procedure.argument(cluster).encode(argument),
                headers,
                procedure.isIdempotent(),
                options.asksForStackTraces());
        long deadline = now() + procedure.timeout().toNanos();
        return new Asking<>(
                this, request, procedure.result(cluster), procedure.timeout().toMillis(), deadline);
    }

    CompletionStage<Delivery> publish(String channel, byte[] request) {
        return post.publish(channel, Frames.REQUEST, request);
    }

    /** After a request: who opened its calls before has heard it, and of others this one asks. */
    void ifDeaf(Node node, Runnable then) {
        deafness.accept(node, then);
    }

    /** Tells those who may run it. Nothing depends on their hearing it. */
    void cancel(String channel, UUID id) {
        post.publish(channel, Frames.CANCEL, Frames.cancel(id)).exceptionally(e -> {
            LOG.debug("A call was cancelled and its callee is not told", e);
            return Delivery.UNKNOWN;
        });
    }

    void forget(UUID id) {
        open.remove(id);
    }

    /** Why a call could not even look for its node. */
    RpcException noLookup(String procedure) {
        return closed
                ? closed()
                : new RpcException(
                        Reason.BUSY,
                        "rpc " + procedure + ": too many calls of this node look for theirs; it was not sent");
    }

    RpcException closed() {
        return new RpcException(Reason.CLOSED, "Node " + cluster.self().name() + " is closed");
    }

    void onResponse(String sender, RpcResponse response) {
        OpenCall call = Frames.isCallId(response.getCallId()) ? open.get(Frames.callId(response.getCallId())) : null;
        if (call != null) {
            call.answer(sender, response);
        }
    }

    /** In this order: a call that comes meanwhile either finds that, or is among the open ones. */
    void onGoodbye(String node, long sentAtMillis, boolean isMember) {
        if (isMember) {
            goodbyes.put(node, sentAtMillis);
        }
        open.values().forEach(call -> call.goodbye(node));
    }

    /** It says what it serves: if that is later than its goodbye it was closed and opened again. */
    void onOffer(String node, long sentAtMillis) {
        goodbyes.computeIfPresent(node, (id, goodbye) -> sentAtMillis > goodbye ? null : goodbye);
    }

    boolean saidGoodbye(String node) {
        return goodbyes.containsKey(node);
    }

    /** It is no member any more; what it said to its callers before may still be under way. */
    void onLeft(Node node) {
        long at = now() + LAST_WORDS_NANOS;
        leaving.put(node.id(), at);
        ticker.due(at);
    }

    void onDied(Node node) {
        gone(node.id());
    }

    private void gone(String node) {
        leaving.remove(node);
        goodbyes.remove(node);
        open.values().forEach(call -> call.lost(node, Reason.NODE_LOST, "it has left the cluster"));
    }

    void onGap(String why) {
        open.values().forEach(call -> call.gap(why));
    }

    long tick(long now) {
        long next = Ticker.NEVER;
        for (Map.Entry<String, Long> left : leaving.entrySet()) {
            if (now >= left.getValue()) {
                gone(left.getKey());
            } else {
                next = Math.min(next, left.getValue());
            }
        }
        for (OpenCall call : open.values()) {
            next = Math.min(next, call.tick(now));
        }
        return next;
    }

    void close() {
        closed = true;
        open.values().forEach(call -> call.abort(closed()));
    }
}
