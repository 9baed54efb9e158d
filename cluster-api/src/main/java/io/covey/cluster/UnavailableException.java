package io.covey.cluster;

/**
 * The backend can do nothing at present: it is not connected, loads its data, moves what is asked for. Nothing was done; the
 * same may be asked again.
 */
public class UnavailableException extends TransportException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message that names the thing, the value and what happens next.
     *
     * @param message one line, without secrets
     */
    public UnavailableException(String message) {
        super(message);
    }
}
