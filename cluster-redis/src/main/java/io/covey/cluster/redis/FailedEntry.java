package io.covey.cluster.redis;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An entry of resque's list of failed tasks, written in node-resque's order and read in anybody's. */
final class FailedEntry {
    static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Of what cannot be read, for those who look; all its bytes are beside it. */
    private static final int MOST_SHOWN = 64 << 10;

    private FailedEntry() {}

    /** Bytes that node-resque finds again, to remove or to retry it. */
    static byte[] write(String queue, Failure failure) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("worker", failure.worker());
        entry.put("queue", queue);
        entry.put("payload", payload(queue, failure.content()));
        entry.put("exception", failure.exception());
        entry.put("error", failure.message());
        entry.put("backtrace", failure.backtrace());
        entry.put("failed_at", ISO.format(failure.at()));
        if (!failure.task().isEmpty()) {
            entry.put("task", failure.task());
        }
        if (failure.attempts() > 0) {
            entry.put("attempts", new Json.Num(Integer.toString(failure.attempts())));
        }
        if (!failure.earlier().isEmpty()) {
            entry.put("earlier", EarlierAttempts.toJson(failure.earlier()));
        }
        if (failure.content() instanceof Content.Unreadable bad) {
            entry.put("raw", Base64.getEncoder().encodeToString(bad.raw()));
            entry.put("reason", bad.reason());
        }
        return JsonWriter.canonical(entry);
    }

    private static Map<String, Object> payload(String queue, Content content) {
        if (content instanceof Content.Readable task) {
            return ResqueJob.payload(queue, task);
        }
        byte[] raw = ((Content.Unreadable) content).raw();
        int shown = Math.min(raw.length, MOST_SHOWN);
        String text = new String(raw, 0, shown, StandardCharsets.UTF_8) + (shown < raw.length ? "..." : "");
        return ResqueJob.payload(queue, "unreadable", List.of(text));
    }

    /** Never throws: what cannot be read is a failure with unreadable content. */
    static FailedTask read(byte[] raw) {
        Object json;
        try {
            json = Json.readRecord(raw);
        } catch (Json.MalformedException e) {
            return unreadable(raw, e.getMessage());
        }
        if (!(json instanceof Map<?, ?> entry)) {
            return unreadable(raw, "it is no JSON object");
        }
        Object payload = entry.get("payload");
        ResqueJob job = ResqueJob.of(payload, JsonWriter.faithful(payload));
        String queue = text(entry.get("queue"));
        Failure failure = new Failure(
                entry.get("raw") instanceof String bytes ? original(bytes, text(entry.get("reason"))) : job.content(),
                text(entry.get("exception")),
                text(entry.get("error")),
                lines(entry.get("backtrace")),
                text(entry.get("worker")),
                ForeignDate.parse(text(entry.get("failed_at"))),
                text(entry.get("task")),
                attempts(entry.get("attempts")),
                EarlierAttempts.ofJson(entry.get("earlier")));
        return new FailedTask(queue.isEmpty() && job.queue() != null ? job.queue() : queue, failure, raw);
    }

    /**
     * The task as it stood in its queue.
     *
     * @param raw a failed entry
     * @throws Json.MalformedException if it is none
     */
    static byte[] task(String queue, byte[] raw) throws Json.MalformedException {
        if (!(Json.readRecord(raw) instanceof Map<?, ?> entry) || !entry.containsKey("payload")) {
            throw new Json.MalformedException("it has no payload");
        }
        if (entry.get("raw") instanceof String bytes) {
            return original(bytes, "").raw();
        }
        Object payload = entry.get("payload");
        return payload instanceof Map<?, ?> job && job.get("class") instanceof String
                ? JobForms.again(queue, job)
                : JsonWriter.faithful(payload);
    }

    private static int attempts(@Nullable Object value) {
        return value instanceof Json.Num number && number.digits().matches("[0-9]{1,9}")
                ? Integer.parseInt(number.digits())
                : 0;
    }

    private static Content.Unreadable original(String base64, String reason) {
        try {
            return new Content.Unreadable(Base64.getDecoder().decode(base64), reason);
        } catch (IllegalArgumentException e) {
            return new Content.Unreadable(base64.getBytes(StandardCharsets.UTF_8), reason);
        }
    }

    private static FailedTask unreadable(byte[] raw, String reason) {
        Content content = new Content.Unreadable(raw, reason);
        return new FailedTask("", new Failure(content, "", "", List.of(), "", Instant.EPOCH), raw);
    }

    private static String text(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        return value instanceof String text ? text : new String(JsonWriter.faithful(value), StandardCharsets.UTF_8);
    }

    private static List<String> lines(@Nullable Object value) {
        List<String> lines = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(line -> lines.add(text(line)));
        } else if (value instanceof String text) {
            lines.addAll(text.lines().toList());
        }
        return List.copyOf(lines);
    }
}
