package io.covey.cluster.rpc;

import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Typed calls between the nodes of a cluster. At most once: a call is not repeated by itself unless its procedure is
 * declared {@linkplain Procedure#idempotent() idempotent}, and a request whose caller has stopped waiting is not started.
 * Thread-safe; closed with its cluster.
 *
 * <p>Every node serves {@link BuiltIn#PING}, {@link BuiltIn#INFO} and {@link BuiltIn#STATS}.
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
     * The calls of a node, which may not have been asked for before.
     *
     * @param cluster the node
     * @param options how it serves and calls
     * @return ready to serve and to call
     * @throws IllegalStateException if the calls of this node were opened with other options
     * @throws io.covey.cluster.NotSecuredException if the node has no server token and its transport leaves the process
     */
    static Rpc on(Cluster cluster, RpcOptions options) {
        return RpcNode.of(cluster, options);
    }

    /**
     * Serves a procedure on this node.
     *
     * @param <Q> the type of the argument
     * @param <R> the type of the result
     * @param procedure what
     * @param handler answers; on a pool of as many threads and waiting calls as the {@linkplain RpcOptions options} say,
     *     beyond which callers are told that the node is busy
     * @return ends it; calls that are running finish
     * @throws IllegalStateException if this node serves the procedure already
     */
    <Q, R> Registration serve(Procedure<Q, R> procedure, RpcHandler<Q, R> handler);

    /**
     * Serves a procedure on this node whose handler answers later.
     *
     * @param <Q> the type of the argument
     * @param <R> the type of the result
     * @param procedure what
     * @param handler answers
     * @return ends it; calls that are running finish
     * @throws IllegalStateException if this node serves the procedure already
     */
    <Q, R> Registration serveAsync(Procedure<Q, R> procedure, AsyncRpcHandler<Q, R> handler);

    /**
     * Serves every method of an interface that is annotated with {@link RpcService}, all or none.
     *
     * @param <S> the interface
     * @param service the interface
     * @param implementation answers the calls
     * @return ends it
     * @throws IllegalArgumentException if the interface cannot be served, with the method and the reason
     * @throws IllegalStateException if this node serves one of its methods already
     */
    <S> Registration serve(Class<S> service, S implementation);

    /**
     * An object whose methods are calls. Methods that return a {@code CompletableFuture} do not block; the others wait, and
     * throw {@link RpcException}. Default methods run here.
     *
     * @param <S> the interface
     * @param service an interface that is annotated with {@link RpcService}
     * @param target whom each call is for; of all, the first answer counts
     * @return the proxy; cheap to make
     * @throws IllegalArgumentException if the interface cannot be called, with the method and the reason
     */
    <S> S proxy(Class<S> service, Target target);

    /**
     * Calls one node, or several for the first answer.
     *
     * @param <Q> the type of the argument
     * @param <R> the type of the result
     * @param target whom
     * @param procedure what
     * @param argument the argument
     * @return the answer; fails with {@link RpcException}, in time also if nobody answers. Completes on a thread of this
     *     node's, or on one that waits for it; cancelling it tells the node that runs it
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
     * The same calls, with something that travels along, such as the {@code traceparent} of the W3C. Handlers see it in
     * {@link CallContext#headers()}.
     *
     * @param headers by name; at most 16 of together 4,096 characters
     * @return a view of this
     * @throws IllegalArgumentException if they are too many or too long
     */
    Rpc withHeaders(Map<String, String> headers);

    /**
     * Has something done around every call of this node from now on, those it makes and those it answers, through any
     * view. What was added first is outside.
     *
     * @param middleware what is done
     * @return ends that
     */
    Registration around(RpcMiddleware middleware);

    /**
     * What the calls of this node have come to. Cheap.
     *
     * @return a snapshot
     */
    BuiltIn.Stats stats();

    /**
     * Stops serving: callers are told that the node is busy, calls that run may finish within the drain time of the
     * settings and are then interrupted; the calls of this node that are still open fail. Twice is fine.
     */
    @Override
    void close();
}
