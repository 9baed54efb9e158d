package io.covey.cluster.rpc;

import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import java.util.concurrent.CompletableFuture;

/**
 * Typed calls between the nodes of a cluster. At most once: a call is not repeated by itself, and a request whose caller
 * has stopped waiting is not started. Thread-safe; closed with its cluster.
 *
 * <p>Every node serves {@link BuiltIn#PING} and {@link BuiltIn#INFO}.
 */
public interface Rpc extends AutoCloseable {

    /**
     * The calls of a node. Asking twice answers the same object.
     *
     * @param cluster the node
     * @return ready to serve and to call: the node's inbox is open when this method returns
     * @throws io.covey.cluster.NotSecuredException if the node has no server token and its transport leaves the process
     */
    static Rpc on(Cluster cluster) {
        return RpcNode.of(cluster);
    }

    /**
     * Serves a procedure on this node.
     *
     * @param <Q> the type of the argument
     * @param <R> the type of the result
     * @param procedure what
     * @param handler answers; on a pool of at most 64 threads with 1,024 waiting calls, beyond which callers are told that
     *     the node is busy
     * @return ends it; calls that are running finish
     * @throws IllegalStateException if this node serves the procedure already
     */
    <Q, R> Registration serve(Procedure<Q, R> procedure, RpcHandler<Q, R> handler);

    /**
     * Calls one node, or several for the first answer.
     *
     * @param <Q> the type of the argument
     * @param <R> the type of the result
     * @param target whom
     * @param procedure what
     * @param argument the argument
     * @return the answer; fails with {@link RpcException}, in time also if nobody answers. Completes on a thread of this
     *     node's; cancelling it forgets the call
     */
    <Q, R> CompletableFuture<Reply<R>> call(Target target, Procedure<Q, R> procedure, Q argument);

    /**
     * Calls every member, this node included, and waits for all of them, but not for one that dies meanwhile.
     *
     * @param <Q> the type of the argument
     * @param <R> the type of the result
     * @param procedure what
     * @param argument the argument
     * @return who answered and who did not, complete when all have, or at the timeout
     */
    <Q, R> CompletableFuture<Replies<R>> callAll(Procedure<Q, R> procedure, Q argument);

    /**
     * Stops serving: callers are told that the node is busy, calls that run may finish within the drain time of the
     * settings and are then interrupted; the calls of this node that are still open fail. Twice is fine.
     */
    @Override
    void close();
}
