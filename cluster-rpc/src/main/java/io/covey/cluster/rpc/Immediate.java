package io.covey.cluster.rpc;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A handler that has answered when it returns. */
record Immediate<Q, R>(RpcHandler<Q, ? extends R> handler) implements AsyncRpcHandler<Q, R> {

    @Override
    public CompletionStage<R> handle(Q argument, CallContext call) throws Exception {
        return CompletableFuture.completedFuture(handler.handle(argument, call));
    }
}
