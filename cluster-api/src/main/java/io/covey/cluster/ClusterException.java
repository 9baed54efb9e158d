package io.covey.cluster;

/** Something is broken. The one family of exceptions that this platform throws; all unchecked. */
public class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message that names the thing, the value and what happens next.
     *
     * @param message one line, without secrets
     */
    public ClusterException(String message) {
        super(message);
    }

    /**
     * With the cause.
     *
     * @param message one line, without secrets
     * @param cause what led to it
     */
    public ClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
