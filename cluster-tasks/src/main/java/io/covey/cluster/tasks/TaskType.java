package io.covey.cluster.tasks;

import io.covey.cluster.Cluster;
import io.covey.cluster.Codec;
import io.covey.cluster.spi.Names;
import java.util.function.Function;

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

    private final String name;
    private final String queue;
    private final RetryPolicy retry;
    private final Function<Cluster, Args<P>> args;

    private TaskType(String name, String queue, RetryPolicy retry, Function<Cluster, Args<P>> args) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("The name of a task type must have 1 to " + LONGEST_NAME
                    + " characters, had " + name.length() + ": \"" + Names.printable(name) + "\"");
        }
        this.name = name;
        this.queue = Names.check("queue", queue);
        this.retry = retry;
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
        return new TaskType<>(
                name, DEFAULT_QUEUE, RetryPolicy.standard(), cluster -> Args.of(cluster.codec(payload), payload));
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
        return new TaskType<>(name, DEFAULT_QUEUE, RetryPolicy.standard(), cluster -> Args.of(payload, Object.class));
    }

    /**
     * A type without a class: the payload is the whole argument list, the text of a JSON array, for example
     * {@code [1,"two"]}.
     *
     * @param name its name on the wire, 1 to 256 characters
     * @return the type, on the queue {@code default}
     */
    public static TaskType<String> raw(String name) {
        return new TaskType<>(name, DEFAULT_QUEUE, RetryPolicy.standard(), cluster -> Args.text());
    }

    /**
     * On another queue.
     *
     * @param other {@code [A-Za-z0-9_.:-]{1,128}}
     * @return a copy
     */
    public TaskType<P> on(String other) {
        return new TaskType<>(name, other, retry, args);
    }

    /**
     * With another answer to failures.
     *
     * @param other what happens when a handler throws
     * @return a copy
     */
    public TaskType<P> retry(RetryPolicy other) {
        return new TaskType<>(name, queue, other, args);
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

    Args<P> args(Cluster cluster) {
        return args.apply(cluster);
    }

    /** For example {@code resize on images}. */
    @Override
    public String toString() {
        return Names.printable(name) + " on " + queue;
    }
}
