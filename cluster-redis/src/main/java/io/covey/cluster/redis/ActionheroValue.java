package io.covey.cluster.redis;

import io.covey.cluster.Cluster;
import io.covey.cluster.CodecException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A JSON value that an actionhero node has sent: an argument of a call, or a chat message. */
public final class ActionheroValue {
    private final Cluster cluster;
    private final @Nullable Object tree;
    private final String where;

    ActionheroValue(Cluster cluster, @Nullable Object tree, String where) {
        this.cluster = cluster;
        this.tree = tree;
        this.where = where;
    }

    @Nullable
    Object tree() {
        return tree;
    }

    /**
     * Whether it is null, or was undefined.
     *
     * @return true if there is nothing to be read
     */
    public boolean isNull() {
        return tree == null;
    }

    /**
     * Reads it.
     *
     * @param <T> the type
     * @param type {@link String} for a JSON string, or whatever this platform's default format reads from JSON
     * @return the value
     * @throws CodecException if it is null, or of another form
     */
    public <T> T as(Class<T> type) {
        if (tree == null) {
            throw new CodecException(where + " is null");
        }
        return ActionheroJson.of(cluster, type).value(tree, where);
    }

    /**
     * Its JSON, as {@code JSON.stringify} writes it.
     *
     * @return the text
     */
    public String json() {
        return new String(JsonWriter.canonical(tree), StandardCharsets.UTF_8);
    }

    /** {@return its JSON} */
    @Override
    public String toString() {
        return json();
    }

    /** What Java values are as JSON; null stays null. */
    @SuppressWarnings("unchecked")
    static @Nullable Object tree(Cluster cluster, @Nullable Object value, String where) {
        if (value == null) {
            return null;
        }
        if (value instanceof ActionheroValue theirs) {
            return theirs.tree;
        }
        return ActionheroJson.of(cluster, (Class<Object>) value.getClass()).tree(value, where);
    }
}
