package io.covey.cluster.rpc;

import com.google.protobuf.ByteString;
import io.covey.cluster.Node;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.wire.RpcResponse;
import io.covey.cluster.spi.Delivery;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** A call to every member. */
final class AllCall<R, T> implements OpenCall {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Node> waiting = new LinkedHashMap<>();
    private final Map<Node, ByteString> answers = new LinkedHashMap<>();
    private final Map<Node, RpcException> failures = new LinkedHashMap<>();
    private final Asking<R> asking;
    private final boolean firstCounts;
    private final Function<Replies<R>, T> outcome;
    private final CallFuture<T> done;
    private String gap = "";
    private long repeatAt;
    private int repeats;
    private boolean over;

    /**
     * @param firstCounts whether it ends with the first answer
     * @param outcome what it ends with; may throw that
     */
    AllCall(
            Asking<R> asking,
            List<Node> expected,
            boolean firstCounts,
            Function<Replies<R>, T> outcome,
            CallFuture<T> done) {
        this.asking = asking;
        this.firstCounts = firstCounts;
        this.outcome = outcome;
        this.done = done;
        this.repeatAt = asking.nextRepeat(asking.caller().now(), 0);
        expected.forEach(node -> waiting.put(node.id(), node));
        done.onCancel(this::cancelled);
    }

    @Override
    public void start() {
        asking.caller().due(repeatAt);
        waiting().stream()
                .map(Node::id)
                .filter(asking.caller()::saidGoodbye)
                .forEach(id -> lost(id, Reason.NO_NODE, Asking.CLOSING));
        List<Node> expected = waiting();
        asking.caller()
                .publish(Frames.EVERYONE, asking.request().frame(asking.remainingMillis()))
                .whenComplete((delivery, thrown) -> {
                    if (thrown != null) {
                        notSent(OneCall.runtime(thrown));
                    } else if (delivery == Delivery.NONE) {
                        expected.forEach(node -> lost(node.id(), Reason.NO_NODE, "it is not there"));
                    }
                });
        // A member that has not opened its calls hears none, and would be waited for until the deadline.
        expected.forEach(node ->
                asking.caller().ifDeaf(node, () -> lost(node.id(), Reason.NO_NODE, "it has not opened its calls")));
    }

    private void notSent(RuntimeException why) {
        if (asking.isFinal(why)) {
            abort(why);
        } else {
            lock.lock();
            try {
                gap = Asking.lostLink(String.valueOf(why.getMessage()));
            } finally {
                lock.unlock();
            }
        }
    }

    private List<Node> waiting() {
        lock.lock();
        try {
            return List.copyOf(waiting.values());
        } finally {
            lock.unlock();
        }
    }

    /** To each by itself: who answered is not asked again. Who does not listen now may have heard it before. */
    private void repeat() {
        byte[] frame = asking.request().frame(asking.remainingMillis());
        for (Node node : waiting()) {
            asking.caller().publish(Frames.inbox(node.id()), frame);
        }
    }

    @Override
    public void answer(String sender, RpcResponse response) {
        lock.lock();
        try {
            Node node = over ? null : waiting.remove(sender);
            if (node == null) {
                return;
            }
            if (response.hasResult()) {
                answers.put(node, response.getResult());
            } else {
                failures.put(node, asking.failure(node, response.getError()));
            }
            finishIfComplete();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void lost(String id, Reason reason, String why) {
        lock.lock();
        try {
            Node node = over ? null : waiting.remove(id);
            if (node != null) {
                failures.put(node, asking.failure(node, reason, why));
                finishIfComplete();
            }
        } finally {
            lock.unlock();
        }
    }

    /** An answer may be among what was missed. */
    @Override
    public void goodbye(String id) {
        lock.lock();
        try {
            lost(id, gap.isEmpty() ? Reason.NO_NODE : Reason.NODE_LOST, Asking.CLOSING);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void gap(String why) {
        lock.lock();
        try {
            gap = Asking.lostLink(why);
            if (over || !asking.request().repeatable()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        repeat();
    }

    @Override
    public long tick(long now) {
        lock.lock();
        try {
            if (over) {
                return Ticker.NEVER;
            }
            if (now >= asking.deadline()) {
                waiting.values().forEach(node -> failures.put(node, asking.silence(node, gap)));
                waiting.clear();
                finishIfComplete();
                return Ticker.NEVER;
            }
            if (now < repeatAt) {
                return Math.min(asking.deadline(), repeatAt);
            }
            repeatAt = asking.nextRepeat(now, ++repeats);
        } finally {
            lock.unlock();
        }
        repeat();
        return Math.min(asking.deadline(), repeatAt);
    }

    @Override
    public void abort(RuntimeException why) {
        lock.lock();
        try {
            if (end()) {
                done.fail(why);
            }
        } finally {
            lock.unlock();
        }
    }

    private void finishIfComplete() {
        if ((waiting.isEmpty() || (firstCounts && !answers.isEmpty())) && end()) {
            done.succeed(() -> outcome.apply(replies()));
        }
    }

    /** After the end, when nothing is added any more. */
    private Replies<R> replies() {
        Map<Node, R> results = new LinkedHashMap<>();
        Map<Node, RpcException> others = new LinkedHashMap<>(failures);
        answers.forEach((node, answer) -> {
            try {
                results.put(node, asking.decode(node, answer));
            } catch (RpcException e) {
                others.put(node, e);
            }
        });
        return new Replies<>(results, others);
    }

    private void cancelled() {
        lock.lock();
        try {
            if (!end()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        asking.caller().cancel(Frames.EVERYONE, asking.request().id());
    }

    private boolean end() {
        if (over) {
            return false;
        }
        over = true;
        asking.caller().forget(asking.request().id());
        return true;
    }
}
