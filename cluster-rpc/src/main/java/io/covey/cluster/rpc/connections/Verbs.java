package io.covey.cluster.rpc.connections;

import io.covey.cluster.rpc.Procedure;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What connections can do: verbs by name and type. Nothing else of them can be called. Immutable; one object serves any
 * number of connections.
 */
public final class Verbs {
    /** The name of the verb behind {@link Connections#send}. */
    public static final String SEND = "send";

    private static final Verbs NONE = new Verbs(Map.of());

    private final Map<String, Verb<?, ?>> verbs;

    private Verbs(Map<String, Verb<?, ?>> verbs) {
        this.verbs = verbs;
    }

    /**
     * To begin with: nothing.
     *
     * @return no verbs
     */
    public static Verbs none() {
        return NONE;
    }

    /**
     * One verb more.
     *
     * @param <Q> the type of the argument
     * @param <R> the type of the result
     * @param verb name and types; its timeout is for callers
     * @param handler does it
     * @return a copy with it
     * @throws IllegalArgumentException if there is one of this name
     */
    public <Q, R> Verbs on(Procedure<Q, R> verb, VerbHandler<Q, R> handler) {
        Map<String, Verb<?, ?>> more = new HashMap<>(verbs);
        if (more.put(verb.name(), new Verb<>(verb, handler)) != null) {
            throw new IllegalArgumentException("There are two verbs " + verb.name());
        }
        return new Verbs(Map.copyOf(more));
    }

    /**
     * Takes messages.
     *
     * @param <M> the type of the messages
     * @param type the type of the messages
     * @param consumer takes each; those of one sender in order
     * @return a copy that does
     * @throws IllegalArgumentException if there is a consumer of messages already
     */
    public <M> Verbs messages(Class<M> type, BiConsumer<Connection, M> consumer) {
        return on(Procedure.of(SEND, type, byte[].class), (connection, message) -> {
            consumer.accept(connection, message);
            return new byte[0];
        });
    }

    Optional<Verb<?, ?>> find(String name) {
        return Optional.ofNullable(verbs.get(name));
    }

    record Verb<Q, R>(Procedure<Q, R> type, VerbHandler<Q, R> handler) {}
}
