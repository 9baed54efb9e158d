package io.covey.cluster;

/** The operation needs the cluster's server token and this node has none, or a channel of the secured namespace was touched without it. */
public class NotSecuredException extends ClusterException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message that names the thing, the value and what happens next.
     *
     * @param message one line, without secrets
     */
    public NotSecuredException(String message) {
        super(message);
    }

    /**
     * With the cause.
     *
     * @param message one line, without secrets
     * @param cause what led to it
     */
    public NotSecuredException(String message, Throwable cause) {
        super(message, cause);
    }
}
