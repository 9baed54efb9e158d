package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.Codec;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TaskBroker.Dedupe;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A kind of task: its name on the wire, the type of its payload, the queue it goes to and what happens when it fails.
 * Immutable; meant to be a constant that producers and workers share.
 *
 * <pre>{@code
 * static final TaskType<Resize> RESIZE = TaskType.of("resize", Resize.class).on("images");
 * }</pre>
 *
 * <p>On the wire the arguments are a JSON array with the payload as its one element, {@code [{"file":"cat.png"}]}, which
 * is what resque and actionhero fleets write and read. A payload in JSON is embedded as it is, a {@code String} is a JSON
 * string, any other format (protobuf, {@code byte[]}) a JSON string in Base64.
 *
 * @param <P> the type of the payload
 */
public final class TaskType<P> {
    private static final String DEFAULT_QUEUE = "default";
    private static final int LONGEST_NAME = 256;
    private static final int USUAL_BYTES = 1 << 20;
    private static final int MOST_BYTES = 4_000_000;

    private final String name;
    private final String queue;
    private final RetryPolicy retry;
    private final Alike<P> alike;
    private final @Nullable Duration timeout;
    private final int mostBytes;
    private final Function<Cluster, Args<P>> args;

    private TaskType(
            String name,
            String queue,
            RetryPolicy retry,
            Alike<P> alike,
            @Nullable Duration timeout,
            int mostBytes,
            Function<Cluster, Args<P>> args) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("The name of a task type must have 1 to " + LONGEST_NAME
                    + " characters, had " + name.length() + ": \"" + Names.printable(name) + "\"");
        }
        this.name = name;
        this.queue = Names.check("queue", queue);
        this.retry = retry;
        this.alike = alike;
        this.timeout = timeout;
        this.mostBytes = mostBytes;
        this.args = args;
    }

    /**
     * A type whose payload is written in the default format of its class, see {@link Cluster#codec(Class)}. An empty
     * argument list is read as an empty JSON object.
     *
     * @param <P> the type of the payload
     * @param name its name on the wire, 1 to 256 characters
     * @param payload the class of the payload
     * @return the type, on the queue {@code default}
     */
    public static <P> TaskType<P> of(String name, Class<P> payload) {
        return usual(name, cluster -> Args.of(cluster.codec(payload), payload));
    }

    /**
     * A type whose payload is written in a format of the caller's: embedded if the codec's name starts with
     * {@code json}, else in Base64.
     *
     * @param <P> the type of the payload
     * @param name its name on the wire, 1 to 256 characters
     * @param payload the format of the payload
     * @return the type, on the queue {@code default}
     */
    public static <P> TaskType<P> of(String name, Codec<P> payload) {
        return usual(name, cluster -> Args.of(payload, Object.class));
    }

    /**
     * A type without a class: the payload is the whole argument list, the text of a JSON array, for example
     * {@code [1,"two"]}.
     *
     * @param name its name on the wire, 1 to 256 characters
     * @return the type, on the queue {@code default}
     */
    public static TaskType<String> raw(String name) {
        return usual(name, cluster -> Args.text());
    }

    private static <P> TaskType<P> usual(String name, Function<Cluster, Args<P>> args) {
        return new TaskType<>(name, DEFAULT_QUEUE, RetryPolicy.standard(), Alike.nothing(), null, USUAL_BYTES, args);
    }

    /**
     * On another queue.
     *
     * @param other {@code [A-Za-z0-9_.:-]{1,128}}
     * @return a copy
     */
    public TaskType<P> on(String other) {
        return new TaskType<>(name, other, retry, alike, timeout, mostBytes, args);
    }

    /**
     * With another answer to failures.
     *
     * @param other what happens when a handler throws
     * @return a copy
     */
    public TaskType<P> retry(RetryPolicy other) {
        return new TaskType<>(name, queue, other, alike, timeout, mostBytes, args);
    }

    /**
     * Tasks of somebody: those of one key are served in turn with those of the others, and may be limited for
     * themselves, see {@link NamedQueue#change}. Only on queues of kind OWN.
     *
     * @param whose reads it from the payload: 1 to 200 characters
     * @return a copy
     */
    public TaskType<P> key(Function<? super P, String> whose) {
        return new TaskType<>(name, queue, retry, alike.withKey(whose), timeout, mostBytes, args);
    }

    /**
     * A task is not added while one of the same arguments waits, runs or is to be retried; the receipt then says
     * {@link Enqueued#duplicate()}. Replaces what the type says of tasks alike. Workers that are to free the lock must know
     * the type as it is declared here.
     *
     * @param longest it may be added again after this time in any case: longer than the task may wait and run
     * @return a copy
     */
    public TaskType<P> uniqueUntilDone(Duration longest) {
        return alike(null, Alike.unique(Dedupe.Until.DONE, longest));
    }

    /**
     * As {@link #uniqueUntilDone(Duration)}, by a part of the payload.
     *
     * @param by names what is alike: 1 to 200 characters
     * @param longest it may be added again after this time in any case
     * @return a copy
     */
    public TaskType<P> uniqueUntilDone(Function<? super P, String> by, Duration longest) {
        return alike(by, Alike.unique(Dedupe.Until.DONE, longest));
    }

    /**
     * A task is not added while one of the same arguments waits; as soon as that one starts, another may be added.
     * Replaces what the type says of tasks alike.
     *
     * @param longest it may be added again after this time in any case: longer than the task may wait
     * @return a copy
     */
    public TaskType<P> uniqueUntilStarted(Duration longest) {
        return alike(null, Alike.unique(Dedupe.Until.STARTED, longest));
    }

    /**
     * As {@link #uniqueUntilStarted(Duration)}, by a part of the payload.
     *
     * @param by names what is alike: 1 to 200 characters
     * @param longest it may be added again after this time in any case
     * @return a copy
     */
    public TaskType<P> uniqueUntilStarted(Function<? super P, String> by, Duration longest) {
        return alike(by, Alike.unique(Dedupe.Until.STARTED, longest));
    }

    /**
     * At most one in a time: the first is added, later ones of the same arguments are duplicates until it is over, however
     * the first one ended. Replaces what the type says of tasks alike.
     *
     * @param time from the first on
     * @return a copy
     */
    public TaskType<P> throttle(Duration time) {
        return alike(null, Alike.unique(Dedupe.Until.EXPIRY, time));
    }

    /**
     * As {@link #throttle(Duration)}, by a part of the payload.
     *
     * @param by names what is alike: 1 to 200 characters
     * @param time from the first on
     * @return a copy
     */
    public TaskType<P> throttle(Function<? super P, String> by, Duration time) {
        return alike(by, Alike.unique(Dedupe.Until.EXPIRY, time));
    }

    /**
     * The last one counts: a task runs when no further one of the type was added for a time; each replaces the one before,
     * which never runs. What has started is not replaced. Replaces what the type says of tasks alike.
     *
     * @param quiet how long
     * @return a copy
     */
    public TaskType<P> debounce(Duration quiet) {
        return alike(null, Alike.debounce(quiet));
    }

    /**
     * As {@link #debounce(Duration)}, by a part of the payload.
     *
     * @param by names what is alike: 1 to 200 characters
     * @param quiet how long
     * @return a copy
     */
    public TaskType<P> debounce(Function<? super P, String> by, Duration quiet) {
        return alike(by, Alike.debounce(quiet));
    }

    /**
     * With a limit to the time of one run. A handler that runs for longer is interrupted; if it then throws, the
     * {@link RetryPolicy} judges the run by a {@link TaskTimeoutException}; if it returns, the task is done, however late.
     * A handler that ignores the interrupt is reported and keeps its place and its lease until it ends.
     *
     * @param most at least 1 ms
     * @return a copy
     */
    public TaskType<P> timeout(Duration most) {
        if (most.toMillis() < 1) {
            throw new IllegalArgumentException("timeout must be at least 1ms, was " + most);
        }
        return new TaskType<>(name, queue, retry, alike, most, mostBytes, args);
    }

    /**
     * With another limit to the length of a payload, 1 MiB unless this is called. A longer one is refused at enqueue; one that
     * comes from another fleet is kept among the failed tasks with its bytes and never gets to a handler.
     *
     * @param bytes of the argument list as JSON in UTF-8, 1 to 4,000,000
     * @return a copy
     */
    public TaskType<P> payloadAtMost(int bytes) {
        if (bytes < 1 || bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "The payload of task " + name + " may have at most 1 to " + MOST_BYTES + " bytes, was " + bytes);
        }
        return new TaskType<>(name, queue, retry, alike, timeout, bytes, args);
    }

    private TaskType<P> alike(@Nullable Function<? super P, String> by, Dedupe rule) {
        return new TaskType<>(name, queue, retry, alike.with(by, rule), timeout, mostBytes, args);
    }

    /**
     * The name on the wire.
     *
     * @return 1 to 256 characters
     */
    public String name() {
        return name;
    }

    /**
     * The queue its tasks go to unless {@link EnqueueOptions} say otherwise.
     *
     * @return the queue
     */
    public String queue() {
        return queue;
    }

    /**
     * What happens when a handler throws.
     *
     * @return the policy
     */
    public RetryPolicy retry() {
        return retry;
    }

    /**
     * How long one run may take.
     *
     * @return empty for any time
     */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /**
     * The limit to the length of a payload.
     *
     * @return bytes of the argument list
     */
    public int payloadAtMost() {
        return mostBytes;
    }

    /** Whether something is said of tasks alike. */
    boolean hasDedupe() {
        return alike.rule() != null;
    }

    /**
     * The argument list of a payload, as it travels.
     *
     * @param cluster knows the default formats
     * @param payload the payload
     * @return a JSON array in UTF-8
     * @throws io.covey.cluster.CodecException if it cannot be written
     */
    public byte[] write(Cluster cluster, P payload) {
        return args(cluster).encode(payload);
    }

    /**
     * The payload of an argument list, as a handler gets it.
     *
     * @param cluster knows the default formats
     * @param list a JSON array in UTF-8
     * @return the payload
     * @throws io.covey.cluster.CodecException if it cannot be read
     */
    public P read(Cluster cluster, byte[] list) {
        return args(cluster).decode(list);
    }

    /** Whose task it is. */
    Optional<String> keyOf(P payload) {
        return alike.keyOf(payload).map(EnqueueOptions::checkKey);
    }

    /** What is done about tasks like it. */
    Optional<Dedupe> dedupeOf(P payload) {
        return alike.ruleOf(payload);
    }

    Args<P> args(Cluster cluster) {
        return args.apply(cluster);
    }

    /** For example {@code resize on images}. */
    @Override
    public String toString() {
        return Names.printable(name) + " on " + queue;
    }
}
