package io.covey.cluster.rpc;

import java.util.concurrent.CompletionStage;

/**
 * What a procedure does that answers later.
 *
 * @param <Q> the type of the argument
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface AsyncRpcHandler<Q, R> {

    /**
     * Begins to answer a call. Runs on a thread of its own pool and may block, unless the procedure is declared
     * {@linkplain Procedure#nonBlocking() non-blocking}. The call counts as running until the stage completes.
     *
     * @param argument the argument
     * @param call who asks, until when, and what else came with the call
     * @return completes with the result, on any thread; its {@code toCompletableFuture()} is cancelled when the caller
     *     cancels
     * @throws Exception anything: its type and message reach the caller, its stack trace does not
     */
    CompletionStage<R> handle(Q argument, CallContext call) throws Exception;
}
