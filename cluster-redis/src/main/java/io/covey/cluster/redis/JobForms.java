package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The bytes in which a task may stand in Redis, by which other fleets find it: node-resque's first, then the others'. */
final class JobForms {
    private JobForms() {}

    /**
     * As it may wait in a queue.
     *
     * @throws IllegalArgumentException if the arguments are no JSON array
     */
    static List<byte[]> waiting(String queue, String type, byte[] args) {
        List<?> array = array(queue, type, args);
        Map<String, Object> ruby = new LinkedHashMap<>();
        ruby.put("class", type);
        ruby.put("args", array);
        Map<String, Object> jesque = new LinkedHashMap<>(ruby);
        jesque.put("vars", null);
        return List.of(
                JsonWriter.canonical(ResqueJob.payload(queue, type, array)),
                JsonWriter.canonical(ruby),
                JsonWriter.canonical(jesque));
    }

    /**
     * As it may be delayed.
     *
     * @throws IllegalArgumentException if the arguments are no JSON array
     */
    static List<byte[]> delayed(String queue, String type, byte[] args) {
        List<?> array = array(queue, type, args);
        Map<String, Object> ruby = new LinkedHashMap<>();
        ruby.put("class", type);
        ruby.put("args", array);
        ruby.put("queue", queue);
        return List.of(JsonWriter.canonical(ResqueJob.payload(queue, type, array)), JsonWriter.canonical(ruby));
    }

    /**
     * What a failed task is when it is put back into a queue: its fields in node-resque's order, those that node-resque
     * does not know behind them.
     *
     * @param payload of the failed entry
     */
    static byte[] again(String queue, Map<?, ?> payload) {
        Object args = payload.get("args");
        boolean none = args == null || (args instanceof Map<?, ?> object && object.isEmpty());
        Map<String, Object> job =
                ResqueJob.payload(queue, (String) payload.get("class"), none ? new ArrayList<>() : args);
        payload.forEach((name, value) -> {
            if (value != null && !job.containsKey(name)) {
                job.put((String) name, value);
            }
        });
        return JsonWriter.canonical(job);
    }

    static List<?> array(String queue, String type, byte[] args) {
        try {
            if (Json.read(args) instanceof List<?> array) {
                return array;
            }
        } catch (Json.MalformedException e) {
            throw new IllegalArgumentException(
                    "The arguments of task " + type + " in queue " + queue + " are refused: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("The arguments of task " + type + " in queue " + queue
                + " must be a JSON array, were " + new String(args, UTF_8));
    }
}
