package io.covey.cluster.rpc;

import io.covey.cluster.Codec;
import io.covey.cluster.Node;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.wire.RpcError;
import io.covey.cluster.rpc.wire.RpcResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/** A call whose answers are not all in. Its future completes on the executor, never on the thread of the bus. */
final class OpenCall<R> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Node> waiting = new LinkedHashMap<>();
    private final Map<Node, R> answers = new LinkedHashMap<>();
    private final Map<Node, RpcException> failures = new LinkedHashMap<>();
    private final CompletableFuture<Replies<R>> done = new CompletableFuture<>();
    private final String procedure;
    private final Codec<R> codec;
    private final boolean firstCounts;
    private final Executor executor;
    private boolean over;

    OpenCall(String procedure, Codec<R> codec, List<Node> expected, boolean firstCounts, Executor executor) {
        this.procedure = procedure;
        this.codec = codec;
        this.firstCounts = firstCounts;
        this.executor = executor;
        expected.forEach(node -> waiting.put(node.id(), node));
    }

    CompletableFuture<Replies<R>> done() {
        return done;
    }

    /** An answer came. One of a node that was not asked, or that answered already, is not looked at. */
    void answer(String sender, RpcResponse response) {
        lock.lock();
        try {
            Node node = over ? null : waiting.remove(sender);
            if (node == null) {
                return;
            }
            if (response.hasResult()) {
                read(node, response.getResult().toByteArray());
            } else {
                failures.put(node, failure(node, response.getError()));
            }
            finishIfComplete();
        } finally {
            lock.unlock();
        }
    }

    private void read(Node node, byte[] result) {
        try {
            answers.put(node, codec.decode(result));
        } catch (RuntimeException e) {
            failures.put(node, new RpcException(Reason.FAILED, where(node) + "its answer: " + e.getMessage()));
        }
    }

    private String where(Node node) {
        return "rpc " + procedure + " to " + node.name() + " (" + node.id() + "): ";
    }

    /** A node will not answer. */
    void lost(String id, Reason reason, String why) {
        lock.lock();
        try {
            Node node = over ? null : waiting.remove(id);
            if (node != null) {
                failures.put(node, new RpcException(reason, where(node) + why));
                finishIfComplete();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The time is up. */
    void timeout(long millis) {
        lock.lock();
        try {
            for (Node node : waiting.values()) {
                failures.put(
                        node,
                        new RpcTimeoutException(
                                where(node) + "no answer in " + millis + " ms; it is not started any more"));
            }
            waiting.clear();
            finishIfComplete();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will come. */
    void abort(RuntimeException why) {
        lock.lock();
        try {
            finish(why);
        } finally {
            lock.unlock();
        }
    }

    private void finishIfComplete() {
        if (!over && (waiting.isEmpty() || (firstCounts && !answers.isEmpty()))) {
            over = true;
            Replies<R> replies = new Replies<>(answers, failures);
            later(() -> done.complete(replies));
        }
    }

    private void finish(RuntimeException why) {
        if (!over) {
            over = true;
            later(() -> done.completeExceptionally(why));
        }
    }

    /** At the end of the node there is no other thread left. */
    private void later(Runnable completion) {
        try {
            executor.execute(completion);
        } catch (RejectedExecutionException e) {
            completion.run();
        }
    }

    private RpcException failure(Node node, RpcError error) {
        String where = where(node);
        return switch (error.getCode()) {
            case UNKNOWN_PROCEDURE ->
                new RpcException(Reason.UNKNOWN_PROCEDURE, where + "it serves no procedure of this name");
            case BUSY -> new RpcException(Reason.BUSY, where + "it is busy; the procedure did not run");
            case BAD_ARGUMENT -> new RpcException(Reason.BAD_ARGUMENT, where + error.getMessage());
            default -> new RpcException(Reason.FAILED, where + error.getType() + ": " + error.getMessage());
        };
    }
}
