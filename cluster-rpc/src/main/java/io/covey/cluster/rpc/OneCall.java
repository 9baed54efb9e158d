package io.covey.cluster.rpc;

import io.covey.cluster.Node;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.wire.RpcError;
import io.covey.cluster.rpc.wire.RpcResponse;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Delivery;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A call to one node after another, until one has run it. */
final class OneCall<R> implements OpenCall {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final int MOST_UNHEARD = 8;

    private final AtomicInteger unheard = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Node> asked = new HashMap<>(4);
    private final Asking<R> asking;
    private final Candidates candidates;
    private final CallFuture<Reply<R>> done;
    private @Nullable Node node;
    /** Whether a request may have reached the node that is asked now. */
    private volatile boolean heard;

    private String gap = "";
    private long repeatAt = Ticker.NEVER;
    private int repeats;
    private boolean over;

    OneCall(Asking<R> asking, Candidates candidates, CallFuture<Reply<R>> done) {
        this.asking = asking;
        this.candidates = candidates;
        this.done = done;
        done.onCancel(this::cancelled);
    }

    @Override
    public void start() {
        next(null);
    }

    /** Asks another node, or ends with what the last one failed with. */
    private void next(@Nullable RpcException failure) {
        try {
            Optional<Node> known = candidates.known(asked);
            if (known.isPresent()) {
                ask(known.get());
            } else {
                find(failure);
            }
        } catch (RejectedExecutionException e) {
            abort(asking.caller().noLookup(asking.request().procedure()));
        } catch (RuntimeException e) {
            abort(e);
        }
    }

    private void find(@Nullable RpcException failure) {
        candidates.find(asked).whenComplete((found, thrown) -> {
            if (thrown != null) {
                abort(runtime(thrown));
            } else if (found.isPresent()) {
                ask(found.get());
            } else if (failure != null && anotherRound(failure)) {
                next(failure);
            } else {
                abort(
                        failure != null
                                ? failure
                                : candidates.none(asking.request().procedure()));
            }
        });
    }

    /** After a node was lost those are asked again who refused before: what they serve may have changed. */
    private boolean anotherRound(RpcException failure) {
        lock.lock();
        try {
            boolean again = failure.reason() == Reason.NODE_LOST && !asked.isEmpty();
            asked.clear();
            return again;
        } finally {
            lock.unlock();
        }
    }

    private void ask(Node next) {
        lock.lock();
        try {
            if (over) {
                return;
            }
            node = next;
            asked.put(next.id(), next);
            heard = false;
            unheard.set(0);
            repeatAt = asking.nextRepeat(asking.caller().now(), 0);
        } finally {
            lock.unlock();
        }
        asking.caller().due(repeatAt);
        if (asking.caller().saidGoodbye(next.id())) {
            lost(next.id(), Reason.NO_NODE, Asking.CLOSING);
        } else {
            send(next);
        }
    }

    private void send(Node to) {
        asking.caller()
                .publish(Frames.inbox(to.id()), asking.request().frame(asking.remainingMillis()))
                .whenComplete((delivery, thrown) -> {
                    if (thrown != null) {
                        notSent(to, runtime(thrown));
                    } else if (delivery == Delivery.NONE) {
                        unheard(to);
                    } else {
                        heardBy(to);
                    }
                });
        // A cancel that came in between was sent before the request and met nothing.
        if (done.isCancelled()) {
            asking.caller().cancel(Frames.inbox(to.id()), asking.request().id());
        }
    }

    private void heardBy(Node to) {
        lock.lock();
        try {
            heard |= to == node;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Nobody listens: it is gone, or makes its subscription again; of that a call that may be repeated waits for a moment. One
     * that heard the request before may run it, and will be heard of: it answers, dies, or is silent until the deadline.
     */
    private void unheard(Node to) {
        if (heard) {
            return;
        }
        if (asking.request().repeatable() && candidates.isOne() && unheard.incrementAndGet() < MOST_UNHEARD) {
            later();
        } else {
            lost(to.id(), Reason.NO_NODE, "it is not there");
        }
    }

    private void later() {
        long at = asking.caller().now() + PAUSE_NANOS;
        lock.lock();
        try {
            repeatAt = at;
        } finally {
            lock.unlock();
        }
        asking.caller().due(at);
    }

    /** What cannot be sent at all, such as an argument that is too large, is not tried again. */
    private void notSent(Node to, RuntimeException why) {
        if (asking.isFinal(why)) {
            abort(why);
            return;
        }
        heardBy(to); // perhaps
        lock.lock();
        try {
            gap = Asking.lostLink(String.valueOf(why.getMessage()));
        } finally {
            lock.unlock();
        }
        later();
    }

    @Override
    public void answer(String sender, RpcResponse response) {
        Node from = asked(sender);
        if (from == null) {
            return;
        }
        if (!response.hasResult()) {
            failed(from, response.getError());
            return;
        }
        if (end()) {
            done.succeed(() -> new Reply<>(from, asking.decode(from, response.getResult())));
        }
    }

    private @Nullable Node asked(String sender) {
        lock.lock();
        try {
            return over ? null : asked.get(sender);
        } finally {
            lock.unlock();
        }
    }

    private void failed(Node from, RpcError error) {
        RpcException failure = asking.failure(from, error);
        candidates.refused(from, failure.reason());
        if (failure.reason().didNotRun()) {
            goOn(from.id(), failure);
        } else {
            abort(failure);
        }
    }

    @Override
    public void lost(String id, Reason reason, String why) {
        Node gone = asked(id);
        if (gone == null) {
            return;
        }
        RpcException failure = asking.failure(gone, reason, why);
        if (reason.didNotRun() || asking.request().repeatable()) {
            goOn(id, failure);
        } else if (isAsked(id)) {
            abort(failure);
        }
    }

    /** An answer may be among what was missed. */
    @Override
    public void goodbye(String id) {
        boolean heardAll;
        lock.lock();
        try {
            heardAll = gap.isEmpty();
        } finally {
            lock.unlock();
        }
        lost(id, heardAll ? Reason.NO_NODE : Reason.NODE_LOST, Asking.CLOSING);
    }

    private boolean isAsked(String id) {
        lock.lock();
        try {
            return node != null && node.id().equals(id);
        } finally {
            lock.unlock();
        }
    }

    /** If it is the one that is asked now, and not one of before. */
    private void goOn(String id, RpcException failure) {
        lock.lock();
        try {
            if (over || !isAsked(id)) {
                return;
            }
            node = null;
            repeatAt = Ticker.NEVER;
        } finally {
            lock.unlock();
        }
        next(failure);
    }

    @Override
    public void gap(String why) {
        Node again = null;
        lock.lock();
        try {
            gap = Asking.lostLink(why);
            if (!over && asking.request().repeatable()) {
                again = node;
            }
        } finally {
            lock.unlock();
        }
        if (again != null) {
            send(again);
        }
    }

    @Override
    public long tick(long now) {
        Node again = null;
        RpcException late = null;
        lock.lock();
        try {
            if (over) {
                return Ticker.NEVER;
            }
            if (now >= asking.deadline()) {
                late = node != null
                        ? asking.silence(node, gap)
                        : new RpcTimeoutException("rpc " + asking.request().procedure() + ": found nobody to ask in "
                                + asking.timeoutMillis() + " ms; it was not sent" + gap);
            } else if (now >= repeatAt) {
                again = node;
                repeatAt = asking.nextRepeat(now, ++repeats);
            }
        } finally {
            lock.unlock();
        }
        if (late != null) {
            abort(late);
            return Ticker.NEVER;
        }
        if (again != null) {
            send(again);
        }
        return Math.min(asking.deadline(), repeatAt);
    }

    @Override
    public void abort(RuntimeException why) {
        if (end()) {
            done.fail(why);
        }
    }

    private void cancelled() {
        Node running;
        lock.lock();
        try {
            running = node;
        } finally {
            lock.unlock();
        }
        if (end() && running != null) {
            asking.caller().cancel(Frames.inbox(running.id()), asking.request().id());
        }
    }

    private boolean end() {
        lock.lock();
        try {
            if (over) {
                return false;
            }
            over = true;
        } finally {
            lock.unlock();
        }
        asking.caller().forget(asking.request().id());
        return true;
    }

    static RuntimeException runtime(Throwable thrown) {
        Throwable cause = Await.unwrap(thrown);
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }
}
