package io.covey.cluster.rpc;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A call as its handler sees it. */
public interface CallContext {

    /**
     * The call that the current thread answers: for implementations of annotated interfaces, whose methods are not given
     * it.
     *
     * @return empty on a thread that runs no handler
     */
    static Optional<CallContext> current() {
        return Optional.ofNullable(Run.current());
    }

    /**
     * Names the call, for logs: on the node that makes it and on those that answer it.
     *
     * @return a UUID
     */
    String id();

    /**
     * Who asks.
     *
     * @return the id of a node
     */
    String caller();

    /**
     * What is called.
     *
     * @return the name of the procedure
     */
    String procedure();

    /**
     * When the caller stops waiting, by the backend's clock.
     *
     * @return the deadline
     */
    Instant deadline();

    /**
     * How long the caller still waits.
     *
     * @return zero if it does not any more
     */
    Duration remaining();

    /**
     * Whether the caller has cancelled the call. A handler that blocks is interrupted besides.
     *
     * @return whether nobody waits for the result
     */
    boolean isCancelled();

    /**
     * What the caller sent along, such as the {@code traceparent} of the W3C.
     *
     * @return by name, at most 16
     */
    Map<String, String> headers();
}
