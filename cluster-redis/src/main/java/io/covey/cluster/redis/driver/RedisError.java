package io.covey.cluster.redis.driver;

/**
 * An error that the server answered, as a value: in a batch it stands in the place of its command's reply.
 *
 * @param message the server's text, starting with its code, for example {@code NOSCRIPT No matching script.}
 */
public record RedisError(String message) {

    /**
     * The first word of the message, which names the kind of error.
     *
     * @return for example {@code NOSCRIPT}, {@code MOVED}, {@code OOM}
     */
    public String code() {
        int space = message.indexOf(' ');
        return space < 0 ? message : message.substring(0, space);
    }
}
