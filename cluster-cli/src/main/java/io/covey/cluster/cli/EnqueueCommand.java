package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
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
    private String type;

    @Option(names = "--args", paramLabel = "JSON-ARRAY", description = "With what (default [])", defaultValue = "[]")
    private String args;

    @Option(names = "--id", paramLabel = "ID", description = "A second task of this id within 24 hours is not added")
    private String id;

    @ArgGroup
    private Time time;

    @Option(names = "--file", paramLabel = "FILE", description = "Tasks as JSON lines; - is standard input")
    private String file;

    /** When. */
    private static final class Time {
        @Option(names = "--in", paramLabel = "TIME", description = "Not before this time from now, such as 5s")
        private Duration in;

        @Option(names = "--at", paramLabel = "INSTANT", description = "Not before, such as 2030-01-31T12:00:00Z")
        private String at;
    }

    @Override
    public Integer call() throws IOException {
        if (type == null && file == null) {
            throw new ParameterException(spec.commandLine(), "Give --type, or --file with a type in each line");
        }
        if (file == null) {
            return one();
        }
        try (BufferedReader lines = open();
                Cluster cluster = connection.join("cli")) {
            return new EnqueueLines(cluster, output, this::task).run(lines);
        }
    }

    private int one() {
        try (Cluster cluster = connection.join("cli")) {
            EnqueueLines lines = new EnqueueLines(cluster, output, this::task);
            lines.add("{}");
            return lines.finish();
        }
    }

    private BufferedReader open() throws IOException {
        return file.equals("-")
                ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                : Files.newBufferedReader(Path.of(file));
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
        Duration in = line.has("in") ? Durations.parse(line.get("in").asString()) : time == null ? null : time.in;
        String at = text(line, "at", time == null ? null : time.at);
        return new EnqueueLines.Line(
                text(line, "queue", queue), name, list.toString(), text(line, "id", id), in, instant(at));
    }

    private static String text(JsonNode line, String field, String otherwise) {
        return line.has(field) ? line.get(field).asString() : otherwise;
    }

    private static Instant instant(String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("a time is 2030-01-31T12:00:00Z, was \"" + text + "\"", e);
        }
    }
}
