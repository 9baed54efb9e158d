package io.covey.cluster;

/** The backend could not be reached, did not answer in time, or refused. Whether a write took effect is unknown, unless the message says that it was refused. */
public class TransportException extends ClusterException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message that names the thing, the value and what happens next.
     *
     * @param message one line, without secrets
     */
    public TransportException(String message) {
        super(message);
    }

    /**
     * With the cause.
     *
     * @param message one line, without secrets
     * @param cause what led to it
     */
    public TransportException(String message, Throwable cause) {
        super(message, cause);
    }
}
