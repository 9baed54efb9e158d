package io.covey.cluster;

/** A lock or a task is no longer held: its lease ran out, and somebody else may hold it now. */
public class LeaseLostException extends ClusterException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message that names the thing, the value and what happens next.
     *
     * @param message one line, without secrets
     */
    public LeaseLostException(String message) {
        super(message);
    }

    /**
     * With the cause.
     *
     * @param message one line, without secrets
     * @param cause what led to it
     */
    public LeaseLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
