package io.covey.cluster.redis.driver;

import io.covey.cluster.RefusedException;

/** The server answered an error to a single command. The command had no effect unless the error is a script's own. */
public class RedisErrorException extends RefusedException {
    private static final long serialVersionUID = 1L;

    private final transient RedisError error;

    /**
     * Wraps the server's answer.
     *
     * @param error the answer
     */
    public RedisErrorException(RedisError error) {
        super(error.message());
        this.error = error;
    }

    /**
     * The server's answer.
     *
     * @return the error with its code
     */
    public RedisError error() {
        return error;
    }
}
