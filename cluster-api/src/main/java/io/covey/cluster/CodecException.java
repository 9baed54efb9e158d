package io.covey.cluster;

/** Bytes could not be turned into a value, or a value into bytes. Names the codec and the key, channel or type concerned. */
public class CodecException extends ClusterException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message that names the thing, the value and what happens next.
     *
     * @param message one line, without secrets
     */
    public CodecException(String message) {
        super(message);
    }

    /**
     * With the cause.
     *
     * @param message one line, without secrets
     * @param cause what led to it
     */
    public CodecException(String message, Throwable cause) {
        super(message, cause);
    }
}
