package io.covey.cluster.rpc;

import io.covey.cluster.Node;
import io.covey.cluster.rpc.RpcException.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The node that a lookup finds: again if it moved meanwhile, but never twice the same one.
 *
 * @param what what is looked up, for messages
 * @param known finds it at once, if it can
 * @param lookup finds it; may block
 * @param lookups where lookups block
 */
record Found(Supplier<String> what, Supplier<Optional<Node>> known, Supplier<Optional<Node>> lookup, Executor lookups)
        implements Candidates {

    @Override
    public Optional<Node> known(Map<String, Node> asked) {
        return asked.isEmpty() ? known.get() : Optional.empty();
    }

    @Override
    public CompletionStage<Optional<Node>> find(Map<String, Node> asked) {
        return CompletableFuture.supplyAsync(lookup, lookups)
                .thenApply(found -> found.filter(node -> !asked.containsKey(node.id())));
    }

    @Override
    public RpcException none(String procedure) {
        return new RpcException(
                Reason.NO_NODE, "rpc " + procedure + ": the " + what.get() + " is not in the cluster; it was not sent");
    }
}
