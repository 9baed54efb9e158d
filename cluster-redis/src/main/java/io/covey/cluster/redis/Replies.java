package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisError;
import io.covey.cluster.redis.driver.RedisErrorException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What replies are known to be. */
final class Replies {
    private Replies() {}

    static String text(Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : reply.toString();
    }

    static byte[] bytes(Object reply) {
        return reply instanceof byte[] bytes ? bytes : reply.toString().getBytes(StandardCharsets.UTF_8);
    }

    static long number(Object reply) {
        return reply instanceof Long number ? number : Long.parseLong(text(reply));
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(Object reply) {
        return (List<Object>) reply;
    }

    /** Throws the first error among the replies of a batch. */
    static void failOnError(List<Object> replies) {
        for (Object reply : replies) {
            if (reply instanceof RedisError error) {
                throw new RedisErrorException(error);
            }
        }
    }
}
