package io.covey.cluster.rpc;

import io.covey.cluster.Cluster;
import io.covey.cluster.Codec;
import io.covey.cluster.spi.Names;
import java.time.Duration;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What can be called: a name and the types of argument and result, kept in a constant that caller and callee share.
 *
 * <pre>{@code
 * static final Procedure<Auth, Boolean> SET_AUTH = Procedure.of("connection.setAuth", Auth.class, Boolean.class);
 * }</pre>
 *
 * <p>Immutable; each method answers a changed copy.
 *
 * @param <Q> the type of the argument
 * @param <R> the type of the result
 */
public final class Procedure<Q, R> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:/-]{1,200}");
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration STANDARD = Duration.ofSeconds(5);

    private final String name;
    private final Function<Cluster, Codec<Q>> argument;
    private final Function<Cluster, Codec<R>> result;
    private final Rules rules;

    private Procedure(
            String name, Function<Cluster, Codec<Q>> argument, Function<Cluster, Codec<R>> result, Rules rules) {
        this.name = name;
        this.argument = argument;
        this.result = result;
        this.rules = rules.checked(name);
    }

    private record Rules(
            Duration timeout, boolean idempotent, boolean nonBlocking, int concurrency, int maxArgumentBytes) {
        static final Rules STANDARD_RULES = new Rules(STANDARD, false, false, Integer.MAX_VALUE, Integer.MAX_VALUE);

        Rules checked(String name) {
            if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("The timeout of procedure " + name + " must be between 1 ms and "
                        + LONGEST + ", was " + timeout);
            }
            positive(name, "concurrency", concurrency);
            positive(name, "limit of argument bytes", maxArgumentBytes);
            return this;
        }

        private static void positive(String name, String what, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(
                        "The " + what + " of procedure " + name + " must be at least 1, was " + value);
            }
        }
    }

    /**
     * A procedure with a timeout of 5 seconds, not idempotent, that may block.
     *
     * @param <Q> the type of the argument
     * @param <R> the type of the result
     * @param name {@code [A-Za-z0-9_.:/-]{1,200}}
     * @param argument the type of the argument, in the default format of the cluster
     * @param result the type of the result, in the default format of the cluster
     * @return the procedure
     */
    public static <Q, R> Procedure<Q, R> of(String name, Class<Q> argument, Class<R> result) {
        return of(name, cluster -> cluster.codec(argument), cluster -> cluster.codec(result));
    }

    /**
     * A procedure in formats of the caller's, with a timeout of 5 seconds, not idempotent, that may block.
     *
     * @param <Q> the type of the argument
     * @param <R> the type of the result
     * @param name {@code [A-Za-z0-9_.:/-]{1,200}}
     * @param argument the format of the argument
     * @param result the format of the result
     * @return the procedure
     */
    public static <Q, R> Procedure<Q, R> of(String name, Codec<Q> argument, Codec<R> result) {
        return of(name, cluster -> argument, cluster -> result);
    }

    static <Q, R> Procedure<Q, R> of(
            String name, Function<Cluster, Codec<Q>> argument, Function<Cluster, Codec<R>> result) {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "A procedure's name must match " + NAME.pattern() + ", was \"" + Names.printable(name) + "\"");
        }
        return new Procedure<>(name, argument, result, Rules.STANDARD_RULES);
    }

    /**
     * Its name.
     *
     * @return {@code [A-Za-z0-9_.:/-]{1,200}}
     */
    public String name() {
        return name;
    }

    /**
     * How long a caller waits.
     *
     * @return 1 ms to 1 hour
     */
    public Duration timeout() {
        return rules.timeout;
    }

    /**
     * Whether a call may be sent again.
     *
     * @return see {@link #idempotent()}
     */
    public boolean isIdempotent() {
        return rules.idempotent;
    }

    /**
     * Whether the handler runs without a thread of its own.
     *
     * @return see {@link #nonBlocking()}
     */
    public boolean isNonBlocking() {
        return rules.nonBlocking;
    }

    /**
     * How many calls may run on a node at a time.
     *
     * @return see {@link #concurrency(int)}
     */
    public int concurrency() {
        return rules.concurrency;
    }

    /**
     * How large an argument may be.
     *
     * @return see {@link #argumentUpTo(int)}
     */
    public int maxArgumentBytes() {
        return rules.maxArgumentBytes;
    }

    /**
     * The same procedure with another timeout, for a declaration or for one call.
     *
     * @param limit how long a caller waits, 1 ms to 1 hour
     * @return a copy
     */
    public Procedure<Q, R> within(Duration limit) {
        return with(new Rules(limit, rules.idempotent, rules.nonBlocking, rules.concurrency, rules.maxArgumentBytes));
    }

    /**
     * Declares that a call that runs twice does no harm. Only then is it sent again within its timeout, when a link or a
     * node is lost or the answer does not come; a callee that had it already runs it once all the same, while it remembers.
     *
     * @return a copy
     */
    public Procedure<Q, R> idempotent() {
        return with(new Rules(rules.timeout, true, rules.nonBlocking, rules.concurrency, rules.maxArgumentBytes));
    }

    /**
     * Declares that the handler answers in microseconds and never blocks: it runs on the thread that hears the messages,
     * which may be one of the network, and which saves a hand-off. One that blocks there holds up all calls of its node;
     * one that waits there for an answer of the backend, or of another node, may do so until its timeout.
     *
     * @return a copy
     */
    public Procedure<Q, R> nonBlocking() {
        return with(new Rules(rules.timeout, rules.idempotent, true, rules.concurrency, rules.maxArgumentBytes));
    }

    /**
     * Limits how many calls run on a node at a time. Further ones wait, at most as many as the node's queue takes; beyond
     * that it is busy.
     *
     * @param most at least 1; unlimited (but for the threads of the node) if not said
     * @return a copy
     */
    public Procedure<Q, R> concurrency(int most) {
        return with(new Rules(rules.timeout, rules.idempotent, rules.nonBlocking, most, rules.maxArgumentBytes));
    }

    /**
     * Limits the size of an argument; a larger one is refused before it is read.
     *
     * @param bytes at least 1; limited by the frame limit of the settings alone if not said
     * @return a copy
     */
    public Procedure<Q, R> argumentUpTo(int bytes) {
        return with(new Rules(rules.timeout, rules.idempotent, rules.nonBlocking, rules.concurrency, bytes));
    }

    private Procedure<Q, R> with(Rules changed) {
        return new Procedure<>(name, argument, result, changed);
    }

    /**
     * The format of the argument.
     *
     * @param cluster whose default formats count
     * @return its codec
     */
    public Codec<Q> argument(Cluster cluster) {
        return argument.apply(cluster);
    }

    /**
     * The format of the result.
     *
     * @param cluster whose default formats count
     * @return its codec
     */
    public Codec<R> result(Cluster cluster) {
        return result.apply(cluster);
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    @Override
    public String toString() {
        return name;
    }
}
