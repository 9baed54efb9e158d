package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.supervisor.Signals;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code cluster enqueue}. */
@Command(
        name = "enqueue",
        description = {
            "Adds tasks to a queue.",
            "With --file each line is a JSON object with any of the fields queue, type, args, id, in, at; "
                    + "what it does not say comes from the options."
        },
        mixinStandardHelpOptions = true)
final class EnqueueCommand implements Callable<Integer> {
    private static final int LONGEST_LINE = 8 << 20;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Option(
            names = "--queue",
            paramLabel = "QUEUE",
            description = "Where (default ${DEFAULT-VALUE})",
            defaultValue = "default")
    private String queue;

    @Option(names = "--type", paramLabel = "TYPE", description = "What is to be done")
    private @Nullable String type;

    @Option(names = "--args", paramLabel = "JSON-ARRAY", description = "With what (default [])", defaultValue = "[]")
    private String args;

    @Option(names = "--id", paramLabel = "ID", description = "A second task of this id within 24 hours is not added")
    private @Nullable String id;

    @Option(names = "--in", paramLabel = "TIME", description = "Not before this time from now, such as 5s")
    private @Nullable Duration in;

    @Option(names = "--at", paramLabel = "INSTANT", description = "Not before, such as 2030-01-31T12:00:00Z")
    private @Nullable String at;

    @Option(names = "--file", paramLabel = "FILE", description = "Tasks as JSON lines; - is standard input")
    private @Nullable String file;

    @Override
    public Integer call() throws IOException {
        if (type == null && file == null) {
            throw new ParameterException(spec.commandLine(), "Give --type, or --file with a type in each line");
        }
        if (id != null && file != null) {
            throw new ParameterException(spec.commandLine(), "With --file each line has its own id, not --id");
        }
        if (in != null && at != null) {
            throw new ParameterException(spec.commandLine(), "Give --in or --at, not both");
        }
        try (LineReader lines = open();
                Cluster cluster = connection.join("cli")) {
            EnqueueLines enqueue = new EnqueueLines(cluster, output, this::task);
            if (file == null) {
                return enqueue.one();
            }
            Signals.onTermination(() -> end(enqueue, cluster));
            return enqueue.run(lines);
        }
    }

    private static void end(EnqueueLines enqueue, Cluster cluster) {
        enqueue.interrupt();
        cluster.close();
        Runtime.getRuntime().halt(1); // reading standard input cannot be interrupted
    }

    private LineReader open() throws IOException {
        InputStream in = file == null
                ? InputStream.nullInputStream()
                : file.equals("-") ? System.in : Files.newInputStream(Path.of(file));
        return new LineReader(in, LONGEST_LINE);
    }

    /** A line's task: what the line does not say comes from the options. */
    private EnqueueLines.Line task(JsonNode line) {
        if (!line.isObject()) {
            throw new IllegalArgumentException("a line is a JSON object, was " + line.getNodeType());
        }
        for (String field : line.propertyNames()) {
            if (!EnqueueLines.FIELDS.contains(field)) {
                throw new IllegalArgumentException("the field " + field + " is not one of " + EnqueueLines.FIELDS);
            }
        }
        JsonNode list = line.has("args") ? line.get("args") : Output.parse("--args", args);
        if (!list.isArray()) {
            throw new IllegalArgumentException("args must be a JSON array, was " + list.getNodeType());
        }
        String name = text(line, "type", type);
        if (name == null) {
            throw new IllegalArgumentException("the type is missing");
        }
        Duration later = line.has("in") ? Durations.parse(text(line, "in", "")) : line.has("at") ? null : in;
        String due = text(line, "at", line.has("in") ? null : at);
        return new EnqueueLines.Line(
                text(line, "queue", queue), name, list.toString(), text(line, "id", id), later, instant(due));
    }

    private static @Nullable String text(JsonNode line, String field, @Nullable String otherwise) {
        JsonNode value = line.get(field);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        if (!value.isString() && !value.isIntegralNumber()) {
            throw new IllegalArgumentException(field + " must be a string, was " + value.getNodeType());
        }
        return value.asString();
    }

    private static @Nullable Instant instant(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("a time is 2030-01-31T12:00:00Z, was \"" + text + "\"", e);
        }
    }
}
