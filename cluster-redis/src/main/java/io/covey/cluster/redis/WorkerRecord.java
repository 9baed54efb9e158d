package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.WorkerRegistry.Running;
import io.covey.cluster.spi.WorkerRegistry.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is kept of a worker of ours, and what resque is told that it runs. */
final class WorkerRecord {
    private static final Duration LONG = Duration.ofMillis(100);
    private static final int MOST_RUNNING = 100;
    private static final int MOST_BYTES = 1 << 16;

    private WorkerRecord() {}

    static byte[] write(WorkerInfo worker) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("host", worker.host());
        record.put("pid", number(worker.pid()));
        record.put("queues", worker.queues());
        record.put("since", number(worker.since().toEpochMilli()));
        record.put("processed", number(worker.processed()));
        record.put("failed", number(worker.failed()));
        record.put("concurrency", number(worker.concurrency()));
        List<Object> running = new ArrayList<>();
        int left = MOST_BYTES;
        for (Running one : worker.running()) {
            left -= one.args().length;
            if (left >= 0 && running.size() < MOST_RUNNING) {
                Map<String, Object> task = new LinkedHashMap<>();
                task.put("queue", one.queue());
                task.put("id", one.id());
                task.put("type", one.type());
                task.put("args", new String(one.args(), UTF_8));
                task.put("since", number(one.since().toEpochMilli()));
                running.add(task);
            }
        }
        record.put("running", running);
        return JsonWriter.faithful(record);
    }

    private static Json.Num number(long value) {
        return new Json.Num(Long.toString(value));
    }

    /** Empty if it is none of ours. */
    static Optional<WorkerInfo> read(String owner, long seen, byte[] json) {
        try {
            return Json.read(json) instanceof Map<?, ?> record
                    ? Optional.of(read(owner, seen, record))
                    : Optional.empty();
        } catch (Json.MalformedException | ClassCastException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static WorkerInfo read(String owner, long seen, Map<?, ?> record) {
        List<Running> running = new ArrayList<>();
        for (Object one : list(record.get("running"))) {
            Map<?, ?> task = (Map<?, ?>) one;
            running.add(new Running(
                    text(task.get("queue")),
                    text(task.get("id")),
                    text(task.get("type")),
                    text(task.get("args")).getBytes(UTF_8),
                    Instant.ofEpochMilli(number(task.get("since")))));
        }
        return new WorkerInfo(
                owner,
                text(record.get("host")),
                number(record.get("pid")),
                list(record.get("queues")).stream().map(WorkerRecord::text).toList(),
                Instant.ofEpochMilli(number(record.get("since"))),
                Instant.ofEpochMilli(seen),
                number(record.get("processed")),
                number(record.get("failed")),
                (int) number(record.get("concurrency")),
                running);
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    private static long number(@Nullable Object value) {
        return value instanceof Json.Num number ? Long.parseLong(number.digits()) : 0;
    }

    /** The longest of its runs, as node-resque writes it; empty if none is long enough to be worth a write. */
    static byte[] longest(WorkerInfo worker, String name) {
        return worker.running().stream()
                .filter(one -> one.since().plus(LONG).isBefore(worker.seen()))
                .min(Comparator.comparing(Running::since))
                .map(one -> payload(one, name))
                .orElse(new byte[0]);
    }

    private static byte[] payload(Running one, String name) {
        Object args;
        try {
            args = Json.read(one.args());
        } catch (Json.MalformedException e) {
            args = List.of();
        }
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("run_at", one.since().toString());
        payload.put("worker", name);
        payload.put("payload", ResqueJob.payload(one.queue(), one.type(), args));
        payload.put("queue", one.queue());
        return JsonWriter.canonical(payload);
    }

    /** What a worker of another fleet says that it runs. */
    static Optional<Running> foreign(byte[] raw) {
        try {
            if (Json.readRecord(raw) instanceof Map<?, ?> payload) {
                Object task = payload.get("payload");
                ResqueJob job = ResqueJob.of(task, JsonWriter.faithful(task));
                Instant since = ForeignDate.parse(text(payload.get("run_at")));
                String type = task instanceof Map<?, ?> fields ? text(fields.get("class")) : "";
                byte[] args =
                        job.content() instanceof Content.Readable readable ? readable.args() : "[]".getBytes(UTF_8);
                return Optional.of(new Running(text(payload.get("queue")), "", type, args, since));
            }
        } catch (Json.MalformedException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
