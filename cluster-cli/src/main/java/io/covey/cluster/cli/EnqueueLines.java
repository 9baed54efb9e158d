package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.TransportException;
import io.covey.cluster.tasks.EnqueueOptions;
import io.covey.cluster.tasks.Enqueued;
import io.covey.cluster.tasks.NewTask;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.JsonNode;

/** Adds tasks line by line, in portions, and says of each what became of it. A bad line does not stop the others. */
final class EnqueueLines {
    static final Set<String> FIELDS = Set.of("queue", "type", "args", "id", "in", "at");
    private static final int PORTION = 200;

    private final TaskQueue tasks;
    private final InstantSource now;
    private final Output output;
    private final Function<JsonNode, Line> reader;
    private final List<NewTask<String>> portion = new ArrayList<>();
    private long number;
    private boolean failed;

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

    int run(BufferedReader lines) throws IOException {
        String line;
        while ((line = lines.readLine()) != null) {
            if (line.isBlank()) {
                number++;
            } else {
                add(line);
            }
        }
        return finish();
    }

    void add(String line) {
        number++;
        try {
            portion.add(reader.apply(Output.parse("it", line)).task(now.instant()));
        } catch (IllegalArgumentException | TypeConversionException e) {
            failed = true;
            output.line(
                    "REFUSED line " + number + ": " + e.getMessage(),
                    Output.fields("ok", false, "line", number, "error", e.getMessage()));
        }
        if (portion.size() == PORTION) {
            send();
        }
    }

    /** Sends the rest and answers the exit status. */
    int finish() {
        send();
        return failed ? 1 : 0;
    }

    private void send() {
        if (portion.isEmpty()) {
            return;
        }
        try {
            tasks.enqueueAll(portion).forEach(this::accepted);
        } catch (TransportException e) {
            unconfirmed(e.getMessage());
        }
        portion.clear();
    }

    private void accepted(Enqueued task) {
        output.line(
                (task.accepted() ? "OK " : "DUPLICATE ") + task.id(),
                Output.fields("ok", true, "id", task.id(), "queue", task.queue(), "duplicate", !task.accepted()));
    }

    private void unconfirmed(String reason) {
        failed = true;
        for (NewTask<String> task : portion) {
            String id = task.options().id().orElse("-");
            output.line(
                    "UNCONFIRMED " + id + " " + reason,
                    Output.fields(
                            "ok",
                            false,
                            "id",
                            id,
                            "queue",
                            task.options().queue().orElseThrow(),
                            "error",
                            reason));
        }
    }
}
