package io.covey.cluster.rpc;

/**
 * What a procedure does.
 *
 * @param <Q> the type of the argument
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface RpcHandler<Q, R> {

    /**
     * Answers a call. Runs on a thread of its own pool and may block, unless the procedure is declared
     * {@linkplain Procedure#nonBlocking() non-blocking}. Not called for a request whose caller has stopped waiting;
     * interrupted when the caller cancels.
     *
     * @param argument the argument
     * @param call who asks, until when, and what else came with the call
     * @return the result
     * @throws Exception anything: its type and message reach the caller, its stack trace does not
     */
    R handle(Q argument, CallContext call) throws Exception;
}
