package io.covey.cluster.cli;

import io.covey.cluster.Node;
import io.covey.cluster.spi.Printable;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a command says what it found: a line of text for a person, or one JSON object a line. What comes from others may hold
 * anything: nothing of it reaches the terminal as a control character, and lines have a bound.
 */
public final class Output {
    /** Numbers stay as they are, however many digits they have. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final Pattern SOURCE = Pattern.compile(" \\(start marker at \\[Source: .*?]\\)");
    static final int LONGEST_LINE = 4000;
    private static final int LONGEST_TEXT = 1000;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json", description = "One JSON object a line on standard output")
    private boolean json;

    /** Whether a program reads. */
    public boolean isJson() {
        return json;
    }

    /** Prints one thing: the text, or the fields as JSON. */
    public void line(String text, Map<String, ?> fields) {
        print(json ? JsonLine.bounded(fields) : Printable.line(text, LONGEST_LINE));
    }

    /** As {@link #line} without the end of the block: {@link #flush} shows what was said so far. */
    void row(String text, Map<String, ?> fields) {
        out().println(json ? JsonLine.bounded(fields) : Printable.line(text, LONGEST_LINE));
    }

    void flush() {
        out().flush();
    }

    /** Prints one thing that somebody asked for by its name, however long it is. A text may have several lines. */
    void whole(String text, Map<String, ?> fields) {
        if (json) {
            print(JsonLine.whole(fields));
            return;
        }
        text.lines().forEach(line -> out().println(Printable.line(line, Math.max(1, 7 * line.length()))));
        out().flush();
    }

    /** Writes bytes as they are. */
    void raw(byte[] bytes) {
        out().flush();
        PrintStream stream = System.out;
        stream.write(bytes, 0, bytes.length);
        stream.flush();
    }

    /** Says that a worker takes tasks: as JSON in either case, since whoever started it waits for this line. */
    void ready(Node node, @Nullable Integer metrics) {
        Map<String, Object> fields = fields("event", "ready", "node", node.id(), "pid", node.pid());
        if (metrics != null) {
            fields.put("metrics", metrics);
        }
        print(JsonLine.whole(fields));
    }

    /** Prints a line for a person only. */
    public void text(String text) {
        if (!json) {
            print(Printable.line(text, LONGEST_LINE));
        }
    }

    /** Prints on standard error. */
    public void error(String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(Printable.line(text, LONGEST_LINE));
        err.flush();
    }

    private void print(String line) {
        out().println(line);
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Fields in the order given: name, value, name, value. */
    public static Map<String, Object> fields(@Nullable Object... pairs) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put((String) pairs[i], pairs[i + 1]);
        }
        return fields;
    }

    /** Reads what a user typed as JSON. */
    static JsonNode parse(String what, String text) {
        JsonNode read;
        try {
            read = JSON.readTree(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(what + " is no JSON: "
                    + SOURCE.matcher(e.getOriginalMessage()).replaceAll("") + ", at character "
                    + e.getLocation().getColumnNr()
                    + (text.lines().count() > 1 ? " of line " + e.getLocation().getLineNr() : ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(what + " has a number beyond all limits: " + e.getMessage(), e);
        }
        if (read.isMissingNode()) {
            throw new IllegalArgumentException(what + " is no JSON: it is empty");
        }
        return read;
    }

    /** Bytes of another node as JSON if they are, else as text. */
    static Object value(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (JacksonException | NumberFormatException e) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** Bytes of another node for a person, cut where they are long. */
    static String shown(byte[] bytes) {
        int most = Math.min(bytes.length, 4 * LONGEST_TEXT);
        return Printable.line(new String(bytes, 0, most, StandardCharsets.UTF_8), LONGEST_TEXT);
    }

    /** Any text for a person, cut where it is long. */
    static String shown(Object value) {
        return Printable.line(String.valueOf(value), LONGEST_TEXT);
    }
}
