package io.covey.cluster.rpc.connections;

import io.covey.cluster.Cluster;
import io.covey.cluster.rpc.Procedure;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The connections of all nodes. A node opens one when a client connects to it, and whoever knows its id has it do what it
 * was given verbs for, wherever he is. When a node leaves or dies its connections are gone within its lease. Thread-safe;
 * ends with its cluster.
 */
public interface Connections {

    /**
     * The connections as a node sees them. Asking twice answers the same object.
     *
     * @param cluster the node
     * @return ready to open and to call
     * @throws io.covey.cluster.NotSecuredException if the node has no server token and its transport leaves the process
     */
    static Connections on(Cluster cluster) {
        return ConnectionNode.of(cluster);
    }

    /**
     * Opens a connection on this node. One of the same id is closed by that, and the later one wins: here at once, elsewhere
     * as soon as its node hears of it, with its next {@link Connection#update} at the latest.
     *
     * @param id which one, unique in the cluster; 1 to 200 characters without control characters
     * @param metadata what others may know of it
     * @param verbs what it can do
     * @return the connection
     * @throws io.covey.cluster.TransportException if the backend does not answer
     */
    Connection open(String id, Map<String, String> metadata, Verbs verbs);

    /**
     * Has a connection do something: asks the backend who holds it, and that node to do it. If the connection has moved
     * meanwhile it is looked for once more.
     *
     * @param <Q> the type of the argument
     * @param <R> the type of the result
     * @param id the connection
     * @param verb what to do, and how long to wait
     * @param argument the argument
     * @return the result; fails with {@link io.covey.cluster.rpc.RpcException}: at once with
     *     {@link io.covey.cluster.rpc.RpcException.Reason#NO_NODE NO_NODE} if nobody holds the connection or its node is
     *     not there, {@link io.covey.cluster.rpc.RpcException.Reason#UNKNOWN_PROCEDURE UNKNOWN_PROCEDURE} if it was not
     *     given the verb, {@link io.covey.cluster.rpc.RpcException.Reason#BAD_ARGUMENT BAD_ARGUMENT},
     *     {@link io.covey.cluster.rpc.RpcException.Reason#FAILED FAILED} if it threw; with
     *     {@link io.covey.cluster.rpc.RpcException.Reason#NODE_LOST NODE_LOST} when its node is found to have died
     */
    <Q, R> CompletableFuture<R> apply(String id, Procedure<Q, R> verb, Q argument);

    /**
     * Sends a message to a connection, as {@link #apply} to its {@link Verbs#messages}. What this node sends to one
     * connection arrives in order; each message waits for the answer to the one before, and a thousand wait. The time of a
     * message, 5 seconds, begins with this call.
     *
     * @param <M> the type of the message
     * @param id the connection
     * @param message the message, in the default format of its class
     * @return completes when the connection has taken it; fails as {@link #apply}, and with
     *     {@link io.covey.cluster.rpc.RpcException.Reason#BUSY BUSY} if a thousand wait, or one that took longer than its time
     *     is still being taken; neither is sent
     */
    <M> CompletableFuture<Void> send(String id, M message);

    /**
     * Finds a connection. One round trip.
     *
     * @param id the connection
     * @return where it is, empty if no node that is alive holds it
     * @throws io.covey.cluster.TransportException if the backend does not answer
     */
    Optional<ConnectionInfo> find(String id);

    /**
     * Lists all connections, read page by page as the stream is consumed.
     *
     * @return those of nodes that are alive, each once, in no order; what comes or goes meanwhile may be among them or not
     * @throws io.covey.cluster.TransportException if the backend does not answer, while the stream is consumed
     */
    Stream<ConnectionInfo> list();

    /**
     * Counts all connections. One round trip, whatever the number.
     *
     * @return how many; those of a node that died are counted until its death is noticed
     * @throws io.covey.cluster.TransportException if the backend does not answer
     */
    long count();
}
