package io.covey.cluster;

/** The backend did not answer in time. Whether a write took effect is unknown. */
public class TransportTimeoutException extends TransportException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message that names the thing, the value and what happens next.
     *
     * @param message one line, without secrets
     */
    public TransportTimeoutException(String message) {
        super(message);
    }

    /**
     * With the cause.
     *
     * @param message one line, without secrets
     * @param cause what led to it
     */
    public TransportTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }
}
