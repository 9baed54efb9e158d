package io.covey.cluster.redis;

import io.covey.cluster.CodecException;
import io.covey.cluster.redis.driver.RedisCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A list of actionhero's, its {@code cache.push}, {@code cache.pop} and {@code cache.listLength}: pushed at the end, popped
 * from the head, never locked. At most once: if Redis does not answer, the item may have been pushed, or popped and lost;
 * {@link io.covey.cluster.SharedList} does better among Java nodes.
 *
 * @param <E> the type of the items
 */
public final class ActionheroList<E> {
    private final ActionheroKeys keys;
    private final String key;
    private final ActionheroJson<E> json;

    ActionheroList(ActionheroKeys keys, String key, ActionheroJson<E> json) {
        this.keys = keys;
        this.key = ActionheroKeys.checked("key", key);
        this.json = json;
    }

    /**
     * Adds an item at the end.
     *
     * @param item the item
     * @return how long the list is then
     * @throws CodecException if the item cannot be written as JSON of at most 4 MiB
     */
    public long push(E item) {
        if (item == null) {
            throw new IllegalArgumentException(keys.where(key) + ": the item is null; nothing was pushed");
        }
        Map<String, @Nullable Object> wrapped = new LinkedHashMap<>();
        wrapped.put("data", json.tree(item, keys.where(key)));
        byte[] bytes = ActionheroJson.bounded(JsonWriter.canonical(wrapped), keys.where(key));
        RedisCommand push = RedisCommand.keyed("RPUSH", keys.entry(key), bytes);
        return keys.on(key, keys.redis().send(push).thenApply(Replies::number));
    }

    /**
     * Removes the first item.
     *
     * @return the item, empty if there is none and, as in actionhero, where JavaScript has pushed null or undefined
     * @throws CodecException if the item cannot be read; it is removed all the same
     */
    public Optional<E> pop() {
        Object reply = keys.on(key, keys.redis().send(RedisCommand.keyed("LPOP", keys.entry(key))));
        if (reply == null) {
            return Optional.empty();
        }
        byte[] bytes = Replies.bytes(reply);
        try {
            if (Json.read(bytes) instanceof Map<?, ?> wrapped) {
                return Optional.ofNullable(wrapped.get("data")).map(data -> json.value(data, keys.where(key)));
            }
        } catch (Json.MalformedException e) {
            throw new CodecException(unreadable(bytes) + ": " + e.getMessage(), e);
        }
        throw new CodecException(unreadable(bytes));
    }

    private String unreadable(byte[] bytes) {
        return keys.where(key) + ": an item of " + bytes.length + " bytes is none of actionhero's, it is removed";
    }

    /**
     * Counts the items.
     *
     * @return how many
     */
    public long size() {
        return keys.on(
                key,
                keys.redis().send(RedisCommand.keyed("LLEN", keys.entry(key))).thenApply(Replies::number));
    }
}
