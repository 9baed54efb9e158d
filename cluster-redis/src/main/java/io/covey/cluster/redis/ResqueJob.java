package io.covey.cluster.redis;

import io.covey.cluster.spi.TaskBroker.Content;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task as it stands in a queue of resque. node-resque writes class, queue, args; Ruby no queue, or in another order;
 * jesque args and vars, one of them null; Lua turns an empty array into an empty object.
 *
 * @param queue where it belongs, if it says so
 * @param content what is to be done
 */
record ResqueJob(@Nullable String queue, Content content) {
    private static final byte[] NO_ARGS = {'[', ']'};
    private static final int LONGEST_TYPE = 256;

    /**
     * The bytes that node-resque would write for the same task.
     *
     * @throws IllegalArgumentException if the type or the arguments are none, or the whole is too large
     */
    static byte[] write(String queue, String type, byte[] args) {
        if (type.isEmpty() || type.length() > LONGEST_TYPE) {
            throw new IllegalArgumentException(
                    "A task's type must have 1 to " + LONGEST_TYPE + " characters, had " + type.length());
        }
        Object array;
        try {
            array = Json.read(args);
        } catch (Json.MalformedException e) {
            throw new IllegalArgumentException(
                    "The arguments of task " + type + " for queue " + queue + " are refused: " + e.getMessage(), e);
        }
        if (!(array instanceof List)) {
            throw new IllegalArgumentException(
                    "The arguments of task " + type + " for queue " + queue + " must be a JSON array");
        }
        byte[] job = JsonWriter.canonical(payload(queue, type, array));
        if (job.length > Json.MOST_BYTES) {
            throw new IllegalArgumentException("Task " + type + " for queue " + queue + " has " + job.length
                    + " bytes, the limit is " + Json.MOST_BYTES);
        }
        return job;
    }

    static Map<String, Object> payload(String queue, String type, @Nullable Object args) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("class", type);
        payload.put("queue", queue);
        payload.put("args", args);
        return payload;
    }

    /** Never throws: what cannot be read is unreadable, with its bytes and the reason. */
    static ResqueJob read(byte[] raw) {
        try {
            return of(Json.read(raw), raw);
        } catch (Json.MalformedException e) {
            return new ResqueJob(null, new Content.Unreadable(raw, e.getMessage()));
        }
    }

    /**
     * @param json what was read
     * @param raw from what
     */
    static ResqueJob of(@Nullable Object json, byte[] raw) {
        if (!(json instanceof Map<?, ?> job)) {
            return new ResqueJob(null, new Content.Unreadable(raw, "it is no JSON object"));
        }
        String queue = job.get("queue") instanceof String name ? name : null;
        if (!(job.get("class") instanceof String type) || type.isEmpty()) {
            return new ResqueJob(queue, new Content.Unreadable(raw, "it has no class"));
        }
        Object args = job.get("args");
        if (args instanceof List<?>) {
            return new ResqueJob(queue, new Content.Readable(type, JsonWriter.faithful(args)));
        }
        if (args == null && job.get("vars") instanceof Map<?, ?> vars && !vars.isEmpty()) {
            return new ResqueJob(
                    queue, new Content.Unreadable(raw, "it has named arguments (vars), as only jesque does"));
        }
        if (args == null || (args instanceof Map<?, ?> object && object.isEmpty())) {
            return new ResqueJob(queue, new Content.Readable(type, NO_ARGS.clone()));
        }
        return new ResqueJob(queue, new Content.Unreadable(raw, "its args are no array"));
    }
}
