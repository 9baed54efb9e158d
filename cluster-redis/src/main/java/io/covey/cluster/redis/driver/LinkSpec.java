package io.covey.cluster.redis.driver;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a link is for.
 *
 * @param name short, for thread names and logs, for example {@code bus}
 * @param route on Redis Cluster: the key whose master to connect to; empty connects to any node
 * @param onConnect the commands to send first at every connect, asked anew each time (what is subscribed now)
 * @param listener who hears of pushes and of the connection
 */
public record LinkSpec(String name, Optional<String> route, Supplier<List<RedisCommand>> onConnect, Listener listener) {

    /**
     * Called on the link's I/O thread, one call at a time, in the order of the wire. Must not block.
     */
    public interface Listener {

        /**
         * The server pushed something.
         *
         * @param kind {@code message}, {@code pmessage}, {@code smessage}, {@code subscribe}, {@code psubscribe},
         *     {@code invalidate} …
         * @param elements what follows the kind, decoded as replies are
         */
        void onPush(String kind, List<Object> elements);

        /**
         * The link is connected and the commands of {@link LinkSpec#onConnect()} have been written; those with a reply
         * have been answered.
         */
        void onUp();

        /**
         * The server refused a command that only pushes answer, or one of {@link LinkSpec#onConnect()}. The connection is
         * given up with it; whoever does not want it refused again does not ask for it at the next one.
         *
         * @param command the command
         * @param error why
         */
        default void onRefused(RedisCommand command, RedisError error) {}

        /**
         * The connection is lost; a new one is being made. What the server would have pushed meanwhile is lost.
         *
         * @param reason what happened, in one line
         */
        void onDown(String reason);
    }
}
