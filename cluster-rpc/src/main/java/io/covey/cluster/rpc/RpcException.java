package io.covey.cluster.rpc;

import io.covey.cluster.ClusterException;

/** A call had no result. */
public class RpcException extends ClusterException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /**
     * With the reason and a message.
     *
     * @param reason why
     * @param message one line that names procedure and node
     */
    public RpcException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /**
     * Why.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /** Why a call had no result. More may come. */
    public enum Reason {
        /** No answer in time. The procedure may have run; it is not started any more. */
        TIMEOUT,
        /** Nobody to call: the node or the owner is not in the cluster. The procedure did not run. */
        NO_NODE,
        /** The node died or left during the call. The procedure may have run. */
        NODE_LOST,
        /** The node serves no procedure of this name. */
        UNKNOWN_PROCEDURE,
        /** The node has too many calls waiting, or this node has too many calls open. The procedure did not run. */
        BUSY,
        /** The argument could not be read by the callee. The procedure did not run. */
        BAD_ARGUMENT,
        /** The procedure threw. */
        FAILED,
        /** The call was given up: the node it was made on is closed. The procedure may have run. */
        CLOSED;

        /**
         * Whether the procedure surely did not run there, so that another node can be asked instead.
         *
         * @return false if it may have run
         */
        public boolean didNotRun() {
            return this == NO_NODE || this == UNKNOWN_PROCEDURE || this == BUSY || this == BAD_ARGUMENT;
        }
    }
}
