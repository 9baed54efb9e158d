package io.covey.cluster.bench.peers;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Calls and messages between two processes, driven by {@link MessagingCorner} in both. Arguments, results and messages are
 * texts. Has a public constructor without arguments.
 */
public interface MessagingContestant extends AutoCloseable {

    /** After so many messages a publisher waits until those before them were taken. */
    int WINDOW = 256;

    /**
     * Connects.
     *
     * @param port of the Redis on 127.0.0.1
     * @param variant what else the contestant is to be told
     */
    void open(int port, String variant) throws Exception;

    /**
     * Answers calls with their argument.
     *
     * @return what the other process is to be told as its peer
     */
    String serve() throws Exception;

    /**
     * Finds the process that serves.
     *
     * @param peer what that one answered
     */
    void meet(String peer) throws Exception;

    /**
     * Calls the process that serves.
     *
     * @param argument 100 characters
     * @return the answer
     */
    CompletableFuture<String> call(String argument);

    /**
     * Calls the process that serves, and waits.
     *
     * @param argument 100 characters
     * @return the answer
     */
    default String callAndWait(String argument) {
        return call(argument).join();
    }

    /**
     * Adds a subscriber with a connection of its own.
     *
     * @param channel a name
     * @param subscriber hears of each message
     */
    default void subscribe(String channel, Consumer<String> subscriber) throws Exception {
        throw new UnsupportedOperationException("It has no messages");
    }

    /**
     * Publishes.
     *
     * @param channel a name
     * @param message 100 characters
     * @return completes when Redis has taken it
     */
    default CompletableFuture<?> publish(String channel, String message) {
        throw new UnsupportedOperationException("It has no messages");
    }

    /** Publishes as fast as it can. */
    default void publish(String channel, String message, int count) {
        CompletableFuture<?> before = CompletableFuture.completedFuture(null);
        CompletableFuture<?> last = before;
        try {
            for (int i = 1; i <= count; i++) {
                last = publish(channel, message);
                if (i % WINDOW == 0) {
                    before.join();
                    before = last;
                }
            }
            last.join();
        } catch (CompletionException e) {
            throw new IllegalStateException("A message was not taken", e);
        }
    }

    @Override
    void close();
}
