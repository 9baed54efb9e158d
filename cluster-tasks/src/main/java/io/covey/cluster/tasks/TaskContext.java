package io.covey.cluster.tasks;

import io.covey.cluster.ClusterException;
import io.covey.cluster.LeaseLostException;
import io.covey.cluster.TransportException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The task that a handler runs. Its methods may be called on any thread until the handler returns. */
public interface TaskContext {

    /**
     * Names the task: on queues that carry ids what {@link Enqueued#id()} said, elsewhere (in the bytes of resque it has no
     * place) the name that it got at its first claim and keeps over retries and second runs. There put what you need to
     * follow into the payload.
     *
     * @return its id
     */
    String id();

    /**
     * Its type, as it stands in the queue.
     *
     * @return the name of the type
     */
    String type();

    /**
     * The queue it came from.
     *
     * @return the queue
     */
    String queue();

    /**
     * Which run this is. Runs that were given back at a stop do not count.
     *
     * @return from 1
     */
    int attempt();

    /**
     * How many workers were handed the task since it was last settled in order, this one included. More than 1 means that
     * a worker died with it.
     *
     * @return from 1
     */
    int deliveries();

    /**
     * When this run started, as {@link System#nanoTime()} tells time: how long it has run is what that says now, less this.
     *
     * @return nanoseconds of no meaning but in comparison
     */
    long startedNanos();

    /**
     * A number that grows from claim to claim of a queue. A resource that remembers the newest fence of a task and refuses
     * an older one is safe from a worker that was paused for longer than its lease.
     *
     * @return positive and below 2^53
     */
    long fence();

    /**
     * Whether the task was surely this worker's when this method was called. Ask right before an effect.
     *
     * @return false once the task is lost, and while nothing confirmed the lease for as long as it lasts; a later
     *     confirmation makes it true again
     */
    boolean stillMine();

    /**
     * Returns if the task is surely this worker's; where that is not known, asks the backend and waits for the answer, for
     * as long as it is away. While nobody answers, nobody else gets the task.
     *
     * @throws LeaseLostException if the task is lost: it was or will be run elsewhere
     * @throws TransportException if the run had to end before there was an answer (the worker stops, the task was cancelled,
     *     or its time is over), or the thread was interrupted meanwhile. Let it pass: unless it was cancelled, a task that had
     *     to end without an answer is given back and that attempt does not count
     */
    void assertMine();

    /**
     * What travels with the task, such as the {@code traceparent} of the W3C.
     *
     * @return by name; empty on queues that carry no headers
     */
    Map<String, String> headers();

    /**
     * Whose task it is.
     *
     * @return empty if it has no key
     */
    Optional<String> key();

    /**
     * Whether somebody wants the task to be stopped. Its thread was interrupted then, and however it ends the task has
     * failed as {@code Cancelled}.
     *
     * @return false until the first beat that tells of it, two beats after the wish at the latest
     */
    boolean cancelled();

    /**
     * Says how far the task is, for people who look. Returns at once; at most one is written in the time of a beat, the
     * newest wins. Does nothing where the transport keeps no notes.
     *
     * @param part 0 to 1
     * @param text what it is doing, up to 1,000 characters
     * @throws IllegalArgumentException if a limit is passed
     */
    void progress(double part, String text);

    /**
     * Sets what the task has come to; kept for an hour, in the same step in which the task is done. Nothing is kept if the
     * handler throws. The last call counts.
     *
     * @param value written in the default format of its class, see {@link io.covey.cluster.Cluster#codec(Class)}; up to
     *     1 MiB then
     * @throws ClusterException if the transport keeps no notes
     * @throws io.covey.cluster.CodecException if the value cannot be written
     * @throws IllegalArgumentException if it is too long
     */
    default void result(Object value) {
        result(value, Duration.ofHours(1));
    }

    /**
     * Sets what the task has come to, as {@link #result(Object)} does.
     *
     * @param value written in the default format of its class; up to 1 MiB then
     * @param keep for how long after the task is done, from 1 ms
     * @throws ClusterException if the transport keeps no notes
     * @throws io.covey.cluster.CodecException if the value cannot be written
     * @throws IllegalArgumentException if it is too long, or {@code keep} too short
     */
    void result(Object value, Duration keep);

    /**
     * Has an effect once over all runs of the task: what it returned is noted with the task, and further runs, also of other
     * workers, get that for a day instead of running it again. Before the effect the lease is asserted, see
     * {@link #assertMine()}; the note is only taken while the fence of this run is the newest. While the backend is away this
     * waits, as {@link #assertMine()} does: an effect that has happened is noted when there is an answer again.
     *
     * <p>What this does not promise: the effect and its note are two steps. If the process dies, or is paused for longer
     * than its lease, between them, the next run has the effect again. Where that must not be, pass {@link #fence()} to the
     * resource and have it refuse older ones, or give it {@link #id()} as the key under which it does things once.
     *
     * @param <T> the type of what it returns
     * @param name of the effect, unique within the task, 1 to 100 characters
     * @param type of what it returns, which must have a default format
     * @param effect returns what is to be noted, up to 1 MiB; may return null
     * @return what the effect returned, now or in an earlier run; null if that was null
     * @throws Exception what the effect throws; nothing is noted then
     * @throws LeaseLostException if the task is lost. If that was found after the effect, it has happened
     *     and was not noted
     * @throws TransportException if the backend refuses, or the run had to end before it answered, as
     *     {@link #assertMine()} says. The message says whether the effect has happened
     * @throws ClusterException if the transport keeps no notes
     */
    <T> @Nullable T once(String name, Class<T> type, Callable<? extends @Nullable T> effect) throws Exception;

    /**
     * Has an effect that returns nothing once over all runs of the task, as {@link #once(String, Class, Callable)} does.
     *
     * @param name of the effect, unique within the task, 1 to 100 characters
     * @param effect what is to be done
     * @throws Exception what the effect throws; nothing is noted then
     * @throws LeaseLostException if the task is lost
     * @throws TransportException if the backend refuses, or the run had to end before it answered
     * @throws ClusterException if the transport keeps no notes
     */
    void once(String name, Effect effect) throws Exception;

    /** Something that a task does to the world. */
    @FunctionalInterface
    interface Effect {

        /**
         * Does it.
         *
         * @throws Exception if it was not done
         */
        void run() throws Exception;
    }
}
