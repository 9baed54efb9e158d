package io.covey.cluster.rpc;

import io.covey.cluster.Node;
import io.covey.cluster.rpc.RpcException.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Whom a call to one node may ask. */
interface Candidates {

    /**
     * @param asked who was asked already
     * @return the next one; empty if there is none, or it has to be looked up
     */
    Optional<Node> known(Map<String, Node> asked);

    /**
     * @param asked who was asked already
     * @return the next one; empty if there is none
     */
    default CompletionStage<Optional<Node>> find(Map<String, Node> asked) {
        return CompletableFuture.completedStage(Optional.empty());
    }

    /** Whether there is nobody else to ask. */
    default boolean isOne() {
        return true;
    }

    /** A node did not run it. */
    default void refused(Node node, Reason reason) {}

    /** What a call ends with that nobody could be asked. */
    RpcException none(String procedure);
}
