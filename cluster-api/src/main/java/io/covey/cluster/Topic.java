package io.covey.cluster;

import io.covey.cluster.spi.Delivery;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A channel, or a pattern of channels. At most once: a message that is not received now is not received later, but a
 * subscriber hears that it missed something. With a history a subscriber who was cut off catches up by itself. In order
 * for each publisher.
 *
 * <p>Patterns: {@code /a/*} matches exactly one further segment, {@code /a/**} one or more.
 *
 * @param <M> the type of the messages
 */
public interface Topic<M> {

    /**
     * The channel or pattern.
     *
     * @return as given
     */
    String channel();

    /**
     * The same channel with a history: what is published through the topic returned is kept by the backend, and who
     * subscribes through it may begin in the past and is made to miss nothing that the history still has, whatever
     * happens to the connection or to a full queue.
     *
     * <p>All who publish on the channel should keep the same history: what is published without one is heard, but not read
     * again. If some of it was lost with a connection, subscribers who have heard such messages before are told of a gap at
     * once, others before the first such message they hear, or when a sender they know publishes again. If neither ever
     * comes, that loss is not told.
     *
     * @param history how much is kept
     * @return another view of the channel; this one is not changed
     * @throws IllegalStateException if this topic is a pattern
     */
    Topic<M> withHistory(History history);

    /**
     * The same channel for subscribers with another queue.
     *
     * @param backlog its bounds, and what happens when it is full; {@link Backlog#DEFAULT} unless asked for
     * @return another view of the channel; this one is not changed
     */
    Topic<M> withBacklog(Backlog backlog);

    /**
     * The same channel kept within one shard of a Redis Cluster of version 7 or newer, where a message goes to one master
     * and not through all, and {@link Delivery} is exact. Publishers and subscribers must agree on it: a channel is
     * sharded or it is not, and no pattern hears a sharded one. On backends without shards it makes no difference.
     *
     * @return another view of the channel; this one is not changed
     * @throws IllegalStateException if this topic is a pattern
     */
    Topic<M> sharded();

    /**
     * The same channel for subscribers that answer in microseconds and never block. They need not be called on a thread of
     * this node's: what hears the network may call them itself, which saves a hand-over for each message. Their codec and
     * the {@link TopicMiddleware} around them run there too. All else is as ever: one call at a time, in order, gaps in
     * their places, and what they throw is logged.
     *
     * <p>A listener that waits there for anything holds up every message to its node and, with some drivers, the answers
     * to its commands; one that waits for such an answer, as by {@link #publish}, waits until the timeout. A listener may
     * {@linkplain #publishAsync publish without waiting}, and close its subscription.
     *
     * @return another view of the channel; this one is not changed
     */
    Topic<M> nonBlocking();

    /**
     * Publishes a message; a subscriber on this node receives it too.
     *
     * @param message the message
     * @return whether somebody received it, as far as the backend can tell
     * @throws IllegalStateException if this topic is a pattern
     * @throws TransportException if the backend does not answer: the message may have been published
     */
    Delivery publish(M message);

    /**
     * Publishes a message without waiting. Messages that one thread publishes arrive in that order.
     *
     * @param message the message, encoded before this method returns
     * @return as {@link #publish}; may complete on a network thread, where nothing may block. Nothing bounds how many are
     *     under way but the caller
     * @throws IllegalStateException if this topic is a pattern
     */
    CompletionStage<Delivery> publishAsync(M message);

    /**
     * Subscribes to the messages alone.
     *
     * @param listener hears of each message, in order, on a thread of this node's that is not a network thread unless it
     *     is {@link #nonBlocking}
     * @return ends the subscription
     * @throws TransportException if the backend does not answer
     */
    default Subscription subscribe(Consumer<M> listener) {
        return subscribe((channel, message) -> listener.accept(message));
    }

    /**
     * Subscribes. The subscription is live when this method returns, and is made again after a lost connection.
     *
     * @param listener hears of each message, in order, on a thread of this node's that is not a network thread unless it
     *     is {@link #nonBlocking}. Before it is a bounded queue, see {@link #withBacklog}
     * @return ends the subscription
     * @throws TransportException if the backend does not answer
     */
    default Subscription subscribe(Listener<M> listener) {
        return subscribe(Start.now(), listener);
    }

    /**
     * Subscribes from a place in the history on: first what is kept, then what is published, each message once.
     *
     * @param start where to begin
     * @param listener as for {@link #subscribe(Listener)}
     * @return ends the subscription, and knows whether something is missing at its beginning
     * @throws IllegalStateException if the start is not {@link Start#now} and this topic has no history
     * @throws TransportException if the backend does not answer
     */
    Subscription subscribe(Start start, Listener<M> listener);

    /**
     * Reads from the history without subscribing.
     *
     * @param start where to begin; {@link Start#now} reads nothing but the position
     * @param most how many messages at most, 1 to 10,000
     * @return the oldest of those asked for; what was not let in or could not be read by the codec is left out
     * @throws IllegalStateException if this topic has no history
     * @throws TransportException if the backend does not answer
     */
    Past<M> read(Start start, int most);

    /**
     * Hears of messages and of gaps, one call at a time.
     *
     * @param <M> the type of the messages
     */
    @FunctionalInterface
    interface Listener<M> {

        /**
         * A message came. What this method throws is logged; the subscription goes on.
         *
         * @param channel the channel it was published on
         * @param message the message
         */
        void onMessage(String channel, M message);

        /**
         * A message came, with what is known of it besides. Override it instead of {@link #onMessage} to learn the sender
         * or the position.
         *
         * @param received the message
         */
        default void onReceived(Received<M> received) {
            onMessage(received.channel(), received.message());
        }

        /**
         * Messages may have been missed: after a lost connection, an overflow, or a message that could not be decoded.
         *
         * @param gap where and why
         */
        default void onGap(Gap gap) {}

        /**
         * The subscription has ended by itself: see {@link Overflow#END}, or the backend refuses it from now on. Nothing is
         * heard afterwards.
         *
         * @param reason why, in one line
         */
        default void onEnd(String reason) {}
    }
}
