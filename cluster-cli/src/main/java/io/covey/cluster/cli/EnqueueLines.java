package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.CodecException;
import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportException;
import io.covey.cluster.tasks.EnqueueOptions;
import io.covey.cluster.tasks.Enqueued;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.JsonNode;

/** Adds tasks line by line, in portions, and says of each what became of it. A bad line does not stop the others. */
final class EnqueueLines {
    static final Set<String> FIELDS = Set.of("queue", "type", "args", "id", "in", "at");
    private static final int PORTION = 200;
    /** A portion of large tasks must fit into memory. */
    private static final int PORTION_CHARACTERS = 2 << 20;

    private final TaskQueue tasks;
    private final InstantSource now;
    private final Output output;
    private final Function<JsonNode, Line> reader;
    private final List<Pending> portion = new ArrayList<>();
    /** Held while a portion is under way and it is said what became of it: what interrupts waits for that. */
    private final ReentrantLock sending = new ReentrantLock();

    private int characters;
    private long number;
    private volatile boolean stopped;
    private volatile long added;
    private volatile long duplicates;
    private volatile long bad;

    EnqueueLines(Cluster cluster, Output output, Function<JsonNode, Line> reader) {
        this.tasks = TaskQueue.on(cluster);
        this.now = cluster.clock();
        this.output = output;
        this.reader = reader;
    }

    /** What a line says. */
    record Line(
            String queue,
            String type,
            String args,
            @Nullable String id,
            @Nullable Duration in,
            @Nullable Instant at) {

        NewTask<String> task(Instant now) {
            EnqueueOptions options = EnqueueOptions.none().withQueue(queue);
            options = id == null ? options : options.withId(id);
            options = in == null ? options : options.withDue(now.plus(in));
            options = at == null ? options : options.withDue(at);
            return new NewTask<>(TaskType.raw(type), args, options);
        }
    }

    /** A task of a line that is not sent yet. */
    private record Pending(long line, NewTask<String> task) {}

    int run(LineReader lines) throws IOException {
        LineReader.Line line;
        while (!stopped && (line = lines.next()) != null) {
            number++;
            if (!line.bad().isEmpty()) {
                refused(number, line.bad());
            } else if (!line.text().isBlank()) {
                add(line.text());
            }
        }
        int status = finish();
        output.error("cluster enqueue: " + summary());
        return status;
    }

    /** Adds the one that the options say. */
    int one() {
        number++;
        add("{}");
        return finish();
    }

    private void add(String line) {
        try {
            portion.add(
                    new Pending(number, reader.apply(Output.parse("it", line)).task(now.instant())));
        } catch (IllegalArgumentException | TypeConversionException e) {
            refused(number, String.valueOf(e.getMessage()));
        }
        characters += line.length();
        if (portion.size() == PORTION || characters >= PORTION_CHARACTERS) {
            send();
        }
    }

    /** Sends the rest and answers the exit status. */
    private int finish() {
        send();
        output.flush();
        return bad > 0 || stopped ? 1 : 0;
    }

    /** Ends it, from another thread: after what is under way was answered and said. */
    void interrupt() {
        sending.lock();
        try {
            stopped = true;
            output.error(
                    "cluster enqueue: interrupted: " + summary() + "; run it again: what has an id is not added twice");
        } finally {
            sending.unlock();
        }
    }

    private String summary() {
        return added + " added, " + duplicates + " known already, " + bad + " refused or unconfirmed";
    }

    /** Each queue by itself: what fails in one says nothing of the others. */
    private void send() {
        sending.lock();
        try {
            Map<String, List<Pending>> byQueue = new LinkedHashMap<>();
            for (Pending pending : portion) {
                byQueue.computeIfAbsent(pending.task().queue(), name -> new ArrayList<>())
                        .add(pending);
            }
            if (!stopped) {
                byQueue.values().forEach(this::send);
            }
        } finally {
            portion.clear();
            characters = 0;
            output.flush();
            sending.unlock();
        }
    }

    private void send(List<Pending> some) {
        try {
            List<Enqueued> receipts =
                    tasks.enqueueAll(some.stream().map(Pending::task).toList());
            for (int i = 0; i < some.size(); i++) {
                accepted(some.get(i).line(), receipts.get(i));
            }
        } catch (RefusedException e) {
            some.forEach(pending -> refused(pending.line(), String.valueOf(e.getMessage())));
        } catch (CodecException | IllegalArgumentException e) { // one of them is bad, and none was added
            if (some.size() == 1) {
                refused(some.get(0).line(), String.valueOf(e.getMessage()));
            } else {
                some.forEach(pending -> send(List.of(pending)));
            }
        } catch (TransportException e) {
            some.forEach(pending -> unconfirmed(pending, String.valueOf(e.getMessage())));
        }
    }

    private void accepted(long line, Enqueued task) {
        if (task.accepted()) {
            added++;
        } else {
            duplicates++;
        }
        output.row(
                (task.accepted() ? "OK " : "DUPLICATE ") + task.id(),
                Output.fields(
                        "ok",
                        true,
                        "id",
                        task.id(),
                        "queue",
                        task.queue(),
                        "line",
                        line,
                        "duplicate",
                        !task.accepted()));
    }

    private void refused(long line, String reason) {
        bad++;
        output.row("REFUSED line " + line + ": " + reason, Output.fields("ok", false, "line", line, "error", reason));
    }

    private void unconfirmed(Pending pending, String reason) {
        bad++;
        String id = pending.task().options().id().orElse("-");
        output.row(
                "UNCONFIRMED " + id + " " + reason,
                Output.fields(
                        "ok",
                        false,
                        "id",
                        id,
                        "queue",
                        pending.task().queue(),
                        "line",
                        pending.line(),
                        "error",
                        reason));
    }
}
