package io.covey.cluster;

/** A {@link RoomMiddleware} refused. Nothing was done. */
public class RoomRefusedException extends ClusterException {
    private static final long serialVersionUID = 1L;

    /**
     * With the reason.
     *
     * @param message one line for the member who is refused, without secrets
     */
    public RoomRefusedException(String message) {
        super(message);
    }

    /**
     * With the cause.
     *
     * @param message one line for the member who is refused, without secrets
     * @param cause what led to it
     */
    public RoomRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
