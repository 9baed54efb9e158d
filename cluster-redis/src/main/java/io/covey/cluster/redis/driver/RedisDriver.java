package io.covey.cluster.redis.driver;

import io.covey.cluster.spi.Transport.Traffic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A Redis client library, reduced to what the transport needs. Thread-safe. Every method returns at once and never
 * blocks on the network; a stage completes, with a reply or exceptionally, within the command timeout of the settings
 * the driver was opened with. Stages may complete on an I/O thread: whoever continues one must not block there.
 *
 * <p><b>Replies</b> are {@code null}, {@code Long}, {@code byte[]} (also for simple strings, doubles and big numbers),
 * {@code Boolean} never (it is the {@code Long} 0 or 1), {@code List<Object>} of these (maps flatten to key, value,
 * key, value; sets are lists), or {@link RedisError} as an element of a list.
 *
 * <p><b>Never twice.</b> A driver never repeats a command that it may already have written: the stage fails with a
 * {@link io.covey.cluster.TransportException} and the caller, who knows whether a repeat is harmless, decides.
 * Redirects ({@code MOVED}, {@code ASK}) are followed, since such a command was not executed. While the connection is
 * down commands are refused at once, not queued.
 */
public interface RedisDriver extends AutoCloseable {

    /**
     * Sends one command.
     *
     * @param command the command
     * @return its reply; completes exceptionally with {@link RedisErrorException} if the server answered an error, with
     *     {@link io.covey.cluster.TransportException} if there was no answer
     */
    CompletionStage<Object> send(RedisCommand command);

    /**
     * Sends commands in one write and one round trip for each server concerned. Commands with the same key, or the same
     * hash tag, are executed in the order given. If one of them is to be sent aside, all are.
     *
     * @param commands the commands, at least one
     * @return the replies in the order of the commands, each a value or a {@link RedisError}; the stage fails only if an
     *     answer did not arrive
     */
    CompletionStage<List<Object>> sendAll(List<RedisCommand> commands);

    /**
     * Sends one command that writes, and asks how many replicas have what it wrote: waits for as many and for as long as
     * the URI says ({@link RedisUri#replication}). Such commands have a connection of their own for each server, so that
     * nothing else waits behind them; those that come while others are being confirmed travel together next.
     *
     * @param command the command; one that writes nothing may be confirmed at once
     * @return its reply and the number of replicas, fewer than asked for if the time was over; fails as {@link #send} does
     * @throws IllegalStateException if the URI asks for no replicas
     */
    CompletionStage<Confirmed> sendConfirmed(RedisCommand command);

    /**
     * Opens a connection of its own that receives what the server pushes. It reconnects by itself, with back-off, until
     * it is closed.
     *
     * @param spec what to send at each connect and who listens
     * @return the link, possibly not yet up
     */
    RedisLink open(LinkSpec spec);

    /**
     * Opens links to every server that has keys, as {@link #open} opens one.
     *
     * @param spec what to send at each connect of each link, and who listens to them all; its route is of no account
     * @param probe on Redis Cluster: what the names of the keys begin with by which {@link RedisLinks#prove} asks; no brace
     * @return the links, possibly not yet up
     */
    RedisLinks openToAll(LinkSpec spec, String probe);

    /**
     * Gives up the connections for commands and makes new ones; links stay as they are. Calls in flight fail as when a
     * connection is lost. Returns at once.
     */
    void reconnect();

    /**
     * What its connections have done, links included.
     *
     * @return the counters as they are now; zeros of a driver that counts nothing
     */
    default Traffic traffic() {
        return new Traffic(0, 0, 0, Duration.ZERO, 0);
    }

    /**
     * What became of a write.
     *
     * @param reply the command's
     * @param replicas how many had it when the time was over
     */
    record Confirmed(@Nullable Object reply, long replicas) {}

    /** Closes all connections and threads of the driver. Stages still open complete exceptionally. Twice is fine. */
    @Override
    void close();
}
