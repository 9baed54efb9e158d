package io.covey.cluster.redis;

import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.TaskBroker.Content;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
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
    private static final byte[] END = {'}'};
    private static final byte[] CLASS = "{\"class\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] QUEUE = "\",\"queue\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ARGS = "\",\"args\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ID = ",\"id\":\"".getBytes(StandardCharsets.US_ASCII);

    /**
     * The bytes that node-resque would write for the same task.
     *
     * @throws IllegalArgumentException if the type or the arguments are none, or the whole is too large
     */
    static byte[] write(String queue, String type, byte[] args) {
        Names.check("task type", type);
        return CanonicalJson.isArray(args) && Names.matches(queue)
                ? checked(queue, type, join(head(queue, type), args, END))
                : write(payload(queue, type, args(queue, type, args)));
    }

    /**
     * The bytes of a task that carries an id and headers, the reserved ones included.
     *
     * @throws IllegalArgumentException as {@link #write(String, String, byte[])}
     */
    static byte[] write(String queue, String type, byte[] args, String id, SortedMap<String, String> headers) {
        Names.check("task type", type);
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("id", id);
        if (!headers.isEmpty()) {
            more.put("headers", headers);
        }
        if (CanonicalJson.isArray(args) && Names.matches(queue)) {
            byte[] end = JsonWriter.canonical(more);
            end[0] = ',';
            return checked(queue, type, join(head(queue, type), args, end));
        }
        Map<String, Object> payload = payload(queue, type, args(queue, type, args));
        payload.putAll(more);
        return write(payload);
    }

    private static byte[] write(Map<String, Object> payload) {
        return checked(payload.get("queue"), payload.get("class"), JsonWriter.canonical(payload));
    }

    private static byte[] checked(@Nullable Object queue, @Nullable Object type, byte[] job) {
        if (job.length > Json.MOST_BYTES) {
            throw new IllegalArgumentException("Task " + type + " for queue " + queue + " has " + job.length
                    + " bytes, the limit is " + Json.MOST_BYTES);
        }
        return job;
    }

    /** Names have nothing in them that JSON would escape. */
    private static byte[] head(String queue, String type) {
        return ("{\"class\":\"" + type + "\",\"queue\":\"" + queue + "\",\"args\":")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] join(byte[] head, byte[] args, byte[] end) {
        byte[] all = Arrays.copyOf(head, head.length + args.length + end.length);
        System.arraycopy(args, 0, all, head.length, args.length);
        System.arraycopy(end, 0, all, head.length + args.length, end.length);
        return all;
    }

    private static List<?> args(String queue, String type, byte[] args) {
        Object array;
        try {
            array = Json.read(args);
        } catch (Json.MalformedException e) {
            throw new IllegalArgumentException(
                    "The arguments of task " + type + " for queue " + queue + " are refused: " + e.getMessage(), e);
        }
        if (array instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException(
                "The arguments of task " + type + " for queue " + queue + " must be a JSON array");
    }

    /** The arguments as node-resque writes them. */
    static byte[] canonicalArgs(String queue, String type, byte[] args) {
        return CanonicalJson.isArray(args) ? args : JsonWriter.canonical(args(queue, type, args));
    }

    /** Of a task that was read: with its id and headers if it has them, so that it stays what it was. */
    static Map<String, Object> payload(String queue, Content.Readable task) {
        Map<String, Object> payload = payload(queue, task.type(), args(queue, task.type(), task.args()));
        task.id().ifPresent(id -> payload.put("id", id));
        SortedMap<String, String> headers = Headers.of(task);
        if (!headers.isEmpty()) {
            payload.put("headers", headers);
        }
        return payload;
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
        ResqueJob usual = usual(raw);
        if (usual != null) {
            return usual;
        }
        try {
            return of(Json.readJob(raw), raw);
        } catch (Json.MalformedException e) {
            return new ResqueJob(null, new Content.Unreadable(raw, e.getMessage()));
        }
    }

    /** The form in which we and node-resque write, read without a tree; null if it may be another. */
    private static @Nullable ResqueJob usual(byte[] raw) {
        int typeEnd = plainEnd(raw, 0, CLASS);
        int queueEnd = typeEnd < 0 ? typeEnd : plainEnd(raw, typeEnd, QUEUE);
        if (queueEnd < 0 || !startsWith(raw, queueEnd, ARGS)) {
            return null;
        }
        int from = queueEnd + ARGS.length;
        int to = CanonicalJson.arrayEnd(raw, from);
        String type = ascii(raw, CLASS.length, typeEnd);
        if (to < 0 || type.isEmpty()) {
            return null;
        }
        String queue = ascii(raw, typeEnd + QUEUE.length, queueEnd);
        if (to == raw.length - 1 && raw[to] == '}') {
            return new ResqueJob(queue, new Content.Readable(type, Arrays.copyOfRange(raw, from, to)));
        }
        int idEnd = plainEnd(raw, to, ID);
        if (idEnd == raw.length - 2 && raw[idEnd + 1] == '}' && idEnd > to + ID.length) {
            String id = ascii(raw, to + ID.length, idEnd);
            byte[] args = Arrays.copyOfRange(raw, from, to);
            return new ResqueJob(
                    queue,
                    new Content.Readable(type, args, Optional.of(id), Map.of(), Optional.empty(), Optional.empty()));
        }
        return null;
    }

    /** Where a string ends, its quote exclusive, that begins after something known; negative if it is not plain ASCII. */
    private static int plainEnd(byte[] raw, int from, byte[] before) {
        if (!startsWith(raw, from, before)) {
            return -1;
        }
        int at = from + before.length;
        while (at < raw.length && raw[at] >= ' ' && raw[at] != '"' && raw[at] != '\\') {
            at++;
        }
        return at < raw.length && raw[at] == '"' ? at : -1;
    }

    private static boolean startsWith(byte[] raw, int from, byte[] what) {
        return raw.length - from >= what.length && Arrays.equals(raw, from, from + what.length, what, 0, what.length);
    }

    private static String ascii(byte[] raw, int from, int to) {
        return new String(raw, from, to - from, StandardCharsets.US_ASCII);
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
            return new ResqueJob(queue, readable(type, JsonWriter.faithful(args), job));
        }
        if (args == null && job.get("vars") instanceof Map<?, ?> vars && !vars.isEmpty()) {
            return new ResqueJob(
                    queue, new Content.Unreadable(raw, "it has named arguments (vars), as only jesque does"));
        }
        if (args == null || (args instanceof Map<?, ?> object && object.isEmpty())) {
            return new ResqueJob(queue, readable(type, NO_ARGS.clone(), job));
        }
        return new ResqueJob(queue, new Content.Unreadable(raw, "its args are no array"));
    }

    private static Content.Readable readable(String type, byte[] args, Map<?, ?> job) {
        if (!(job.get("id") instanceof String id) || id.isEmpty()) {
            return new Content.Readable(type, args);
        }
        return Headers.read(type, args, id, job.get("headers"));
    }

    /** As it is on a queue whose tasks carry nothing but type and arguments, whatever else is in their bytes. */
    static Content shared(Content content) {
        return content instanceof Content.Readable task && task.id().isPresent()
                ? new Content.Readable(task.type(), task.args())
                : content;
    }
}
