package io.covey.cluster.rpc;

import io.covey.cluster.ClusterException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call had no result. */
public class RpcException extends ClusterException {
    private static final long serialVersionUID = 2L;

    private final Reason reason;
    private final @Nullable String remoteType;
    private final @Nullable String remoteStackTrace;

    /**
     * With the reason and a message.
     *
     * @param reason why
     * @param message one line that names procedure and node
     */
    public RpcException(Reason reason, String message) {
        this(reason, message, null, null);
    }

    RpcException(Reason reason, String message, @Nullable String remoteType, @Nullable String remoteStackTrace) {
        super(message);
        this.reason = reason;
        this.remoteType = remoteType;
        this.remoteStackTrace = remoteStackTrace;
    }

    /**
     * Why.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /**
     * The class of what the procedure threw.
     *
     * @return its name; empty unless the reason is {@link Reason#FAILED}
     */
    public Optional<String> remoteType() {
        return Optional.ofNullable(remoteType);
    }

    /**
     * Where the procedure threw.
     *
     * @return its stack trace there, cut; empty unless this node asks for it and that one tells, see
     *     {@link RpcOptions#withStackTraces}
     */
    public Optional<String> remoteStackTrace() {
        return Optional.ofNullable(remoteStackTrace);
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
        /** The argument could not be read by the callee, or is too large. The procedure did not run. */
        BAD_ARGUMENT,
        /** The procedure threw. */
        FAILED,
        /** The call was given up: the node it was made on is closed. The procedure may have run. */
        CLOSED,
        /** The thread that waited was interrupted and the call was cancelled. The procedure may have run. */
        CANCELLED;

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
