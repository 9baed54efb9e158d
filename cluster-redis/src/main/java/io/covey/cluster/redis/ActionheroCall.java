package io.covey.cluster.redis;

import io.covey.cluster.CodecException;
import io.covey.cluster.TransportTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A method that actionhero's nodes shall run, its {@code doCluster}: all nodes, this one too if it serves the method, or the
 * one that holds a connection. Immutable; each method answers another call, until it is sent.
 *
 * <p>An actionhero node whose method throws may stop: nobody there handles that exception. So call what you know.
 */
public final class ActionheroCall {
    private final ActionheroBridge bridge;
    private final String method;
    private final List<@Nullable Object> args;
    private final Optional<String> connection;
    private final Duration timeout;

    ActionheroCall(
            ActionheroBridge bridge,
            String method,
            List<@Nullable Object> args,
            Optional<String> connection,
            Duration timeout) {
        this.bridge = bridge;
        this.method = method;
        this.args = args;
        this.connection = connection;
        this.timeout = timeout;
    }

    /**
     * With arguments.
     *
     * @param arguments each null, text, or what is JSON in this platform's default format
     * @return the call
     */
    public ActionheroCall with(@Nullable Object... arguments) {
        return new ActionheroCall(
                bridge,
                method,
                Collections.unmodifiableList(new ArrayList<>(Arrays.asList(arguments))),
                connection,
                timeout);
    }

    /**
     * Only for the node that holds a connection.
     *
     * @param connectionId the connection's id, not empty
     * @return the call
     */
    public ActionheroCall to(String connectionId) {
        return new ActionheroCall(
                bridge, method, args, Optional.of(ActionheroKeys.checked("connection's id", connectionId)), timeout);
    }

    /**
     * With another timeout than the bridge's.
     *
     * @param longest how long an answer is waited for, at least 1 ms
     * @return the call
     */
    public ActionheroCall within(Duration longest) {
        return new ActionheroCall(bridge, method, args, connection, ActionheroBridge.checked(longest));
    }

    /**
     * Sends it, whoever may hear. The nodes answer all the same, to nobody.
     *
     * @return completes when Redis has it; fails if Redis does not answer, and then it may have been sent
     * @throws CodecException if an argument cannot be written, or the message has more than 1 MiB
     */
    public CompletableFuture<Void> send() {
        return bridge.send(method, args, connection);
    }

    /**
     * Sends it and waits for the first answer of any node; later ones are dropped. Of a version 9 the answer is the one
     * argument of the callback that is not null.
     *
     * @param <R> the type of the answer
     * @param type as for {@link ActionheroValue#as}
     * @return the answer, empty for null and undefined; completes on a thread of the bridge, which must not be blocked. It
     *     fails with {@link TransportTimeoutException} if there is none in time: nobody has the method, or holds the
     *     connection, or the method failed, or a message got lost, which actionhero does not tell apart
     * @throws CodecException if an argument cannot be written, or the message has more than 1 MiB
     */
    public <R> CompletableFuture<Optional<R>> answer(Class<R> type) {
        return bridge.ask(method, args, connection, timeout)
                .thenApply(value -> value.isNull() ? Optional.empty() : Optional.of(value.as(type)));
    }
}
