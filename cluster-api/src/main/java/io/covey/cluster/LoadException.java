package io.covey.cluster;

/**
 * A value of a cache could not be loaded. Names the cache and the key; the cause is what the loader threw, if it threw.
 * Each caller who waited for the load gets one of its own. Nothing is remembered of it: the next read loads again.
 */
public class LoadException extends ClusterException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message that names the cache, the key and what happens next.
     *
     * @param message one line, without secrets
     */
    public LoadException(String message) {
        super(message);
    }

    /**
     * With the cause.
     *
     * @param message one line, without secrets
     * @param cause what led to it
     */
    public LoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
