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
     * Answers a call. Runs on a thread of its own pool and may block. Not called for a request whose caller has stopped
     * waiting.
     *
     * @param argument the argument
     * @param caller the id of the node that asks
     * @return the result
     * @throws Exception anything: its type and message reach the caller, its stack trace does not
     */
    R handle(Q argument, String caller) throws Exception;
}
