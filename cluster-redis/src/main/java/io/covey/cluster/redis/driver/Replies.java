package io.covey.cluster.redis.driver;

import io.covey.cluster.redis.driver.RedisDriver.Confirmed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How replies look, the same for every client library. */
public final class Replies {

    private Replies() {}

    /**
     * A double as the server would write it.
     *
     * @param value what a client library read
     * @return decimal digits without a needless fraction, {@code inf}, {@code -inf} or {@code nan}
     */
    public static byte[] number(double value) {
        String text;
        if (Double.isNaN(value)) {
            text = "nan";
        } else if (Double.isInfinite(value)) {
            text = value > 0 ? "inf" : "-inf";
        } else if (value == Math.rint(value) && Math.abs(value) < 1e17) {
            text = Long.toString((long) value);
        } else {
            text = Double.toString(value);
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Fails with the error that the server answered, if it did. */
    static Confirmed checked(Confirmed confirmed) {
        if (confirmed.reply() instanceof RedisError error) {
            throw new RedisErrorException(error);
        }
        return confirmed;
    }

    static CompletableFuture<Object> single(CompletableFuture<List<Object>> replies) {
        return replies.thenApply(list -> {
            Object reply = list.get(0);
            if (reply instanceof RedisError error) {
                throw new RedisErrorException(error);
            }
            return reply;
        });
    }
}
