package io.covey.cluster.spring;

import io.covey.cluster.ClusterException;

/** Why an application has no node; told to people by {@link JoinFailureAnalyzer}. */
final class JoinFailedException extends ClusterException {
    private static final long serialVersionUID = 1L;

    /** What kind of failure it is. */
    enum Reason {
        SETTING,
        NO_DRIVER,
        TWO_DRIVERS,
        UNREACHABLE,
        OTHER
    }

    private final Reason reason;

    JoinFailedException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
