package io.covey.cluster.tasks;

import io.covey.cluster.CodecException;
import io.covey.cluster.spi.TaskBroker.Dedupe;
import io.covey.cluster.spi.TaskBroker.NewTask;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A recurring task as it is kept: all that any node needs to run it. A JSON array of names and values in turn, all strings,
 * the same bytes for the same definition.
 */
record Definition(Recurrence recurrence, Misfire misfire, NewTask task) {
    private static final String VERSION = "1";
    private static final String HEADER = "header:";

    /** The task with an id of its own. */
    NewTask task(String id) {
        return new NewTask(
                task.type(), task.args(), Optional.of(id), Optional.empty(), task.headers(), task.key(), task.dedupe());
    }

    byte[] toBytes() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("v", VERSION);
        if (recurrence instanceof Recurrence.Cron cron) {
            fields.put("cron", cron.expression());
            fields.put("zone", cron.zone().getId());
        } else {
            fields.put("every", ((Recurrence.FixedRate) recurrence).period().toMillis() + "");
        }
        fields.put("misfire", misfire.policy().name());
        fields.put("most", misfire.most() + "");
        fields.put("type", task.type());
        fields.put("args", new String(task.args(), StandardCharsets.UTF_8));
        task.key().ifPresent(key -> fields.put("key", key));
        task.dedupe().ifPresent(rule -> put(fields, rule));
        new TreeMap<>(task.headers()).forEach((name, value) -> fields.put(HEADER + name, value));
        List<String> strings = new ArrayList<>();
        fields.forEach((name, value) -> {
            strings.add(JsonString.quote(name));
            strings.add(JsonString.quote(value));
        });
        return ("[" + String.join(",", strings) + "]").getBytes(StandardCharsets.UTF_8);
    }

    private static void put(Map<String, String> fields, Dedupe rule) {
        if (rule instanceof Dedupe.Unique unique) {
            fields.put("unique", unique.until().name());
            fields.put("longest", unique.longest().toMillis() + "");
            unique.key().ifPresent(by -> fields.put("by", by));
        } else if (rule instanceof Dedupe.Debounce debounce) {
            fields.put("debounce", debounce.quiet().toMillis() + "");
            debounce.key().ifPresent(by -> fields.put("by", by));
        }
    }

    /** Fails with a {@link CodecException} on what this version does not know. */
    static Definition of(byte[] bytes) {
        Map<String, String> fields = fields(bytes);
        if (!VERSION.equals(fields.get("v"))) {
            throw new CodecException("it is of version " + fields.get("v") + ", this node knows " + VERSION);
        }
        try {
            Recurrence recurrence = fields.containsKey("cron")
                    ? Recurrence.cron(fields.get("cron"), ZoneId.of(field(fields, "zone")))
                    : Recurrence.every(Duration.ofMillis(Long.parseLong(field(fields, "every"))));
            Misfire misfire = new Misfire(
                    Misfire.Policy.valueOf(field(fields, "misfire")), Integer.parseInt(field(fields, "most")));
            Map<String, String> headers = new TreeMap<>();
            fields.forEach((name, value) -> {
                if (name.startsWith(HEADER)) {
                    headers.put(name.substring(HEADER.length()), value);
                }
            });
            NewTask task = new NewTask(
                    field(fields, "type"),
                    field(fields, "args").getBytes(StandardCharsets.UTF_8),
                    Optional.empty(),
                    Optional.empty(),
                    headers,
                    Optional.ofNullable(fields.get("key")),
                    dedupe(fields));
            return new Definition(recurrence, misfire, task);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new CodecException("it cannot be read: " + e.getMessage(), e);
        }
    }

    private static Optional<Dedupe> dedupe(Map<String, String> fields) {
        Optional<String> by = Optional.ofNullable(fields.get("by"));
        if (fields.containsKey("unique")) {
            return Optional.of(new Dedupe.Unique(
                    by,
                    Dedupe.Until.valueOf(fields.get("unique")),
                    Duration.ofMillis(Long.parseLong(field(fields, "longest")))));
        }
        return fields.containsKey("debounce")
                ? Optional.of(new Dedupe.Debounce(by, Duration.ofMillis(Long.parseLong(fields.get("debounce")))))
                : Optional.empty();
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("it has no " + name);
        }
        return value;
    }

    private static Map<String, String> fields(byte[] bytes) {
        List<JsonArray.Span> spans = JsonArray.elements(bytes);
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i + 1 < spans.size(); i += 2) {
            fields.put(string(bytes, spans.get(i)), string(bytes, spans.get(i + 1)));
        }
        return fields;
    }

    private static String string(byte[] bytes, JsonArray.Span span) {
        return JsonString.unquote(new String(bytes, span.from(), span.to() - span.from(), StandardCharsets.UTF_8));
    }
}
