package io.covey.cluster;

/** The backend answered that it refuses, for example because its memory is full. Nothing took effect. */
public class RefusedException extends TransportException {
    private static final long serialVersionUID = 1L;

    /**
     * With the backend's reason.
     *
     * @param message one line, without secrets
     */
    public RefusedException(String message) {
        super(message);
    }
}
