package io.covey.cluster.rpc.connections;

/**
 * What a connection does.
 *
 * @param <Q> the type of the argument
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface VerbHandler<Q, R> {

    /**
     * Does it, on a thread of the node's calls; may block. Several may run at a time, also for one connection.
     *
     * @param connection which one
     * @param argument the argument
     * @return the result
     * @throws Exception anything: its type and message reach the caller, its stack trace does not
     */
    R apply(Connection connection, Q argument) throws Exception;
}
