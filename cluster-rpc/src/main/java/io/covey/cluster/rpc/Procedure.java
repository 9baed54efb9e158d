package io.covey.cluster.rpc;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What can be called: a name and the types of argument and result, kept in a constant that caller and callee share.
 *
 * <pre>{@code
 * static final Procedure<Auth, Boolean> SET_AUTH = Procedure.of("connection.setAuth", Auth.class, Boolean.class);
 * }</pre>
 *
 * @param <Q> the type of the argument
 * @param <R> the type of the result
 * @param name {@code [A-Za-z0-9_.:-]{1,128}}
 * @param argument the type of the argument, in the default format of the cluster
 * @param result the type of the result, in the default format of the cluster
 * @param timeout how long a caller waits, 1 ms to 1 hour
 */
public record Procedure<Q, R>(String name, Class<Q> argument, Class<R> result, Duration timeout) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");
    private static final Duration LONGEST = Duration.ofHours(1);

    /** Checks name and timeout. */
    public Procedure {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "A procedure's name must match " + NAME.pattern() + ", was \"" + name + "\"");
        }
        if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "The timeout of procedure " + name + " must be between 1 ms and " + LONGEST + ", was " + timeout);
        }
    }

    /**
     * A procedure with a timeout of 5 seconds.
     *
     * @param <Q> the type of the argument
     * @param <R> the type of the result
     * @param name {@code [A-Za-z0-9_.:-]{1,128}}
     * @param argument the type of the argument
     * @param result the type of the result
     * @return the procedure
     */
    public static <Q, R> Procedure<Q, R> of(String name, Class<Q> argument, Class<R> result) {
        return new Procedure<>(name, argument, result, Duration.ofSeconds(5));
    }

    /**
     * The same procedure with another timeout, for a declaration or for one call.
     *
     * @param limit how long a caller waits, 1 ms to 1 hour
     * @return a copy
     */
    public Procedure<Q, R> within(Duration limit) {
        return new Procedure<>(name, argument, result, limit);
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }
}
