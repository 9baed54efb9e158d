package io.covey.cluster.cli;

import io.covey.cluster.Node;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a command says what it found: a line of text for a person, or one JSON object a line. */
public final class Output {
    private static final JsonMapper JSON = JsonMapper.shared();

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
        out().println(json ? JSON.writeValueAsString(fields) : text);
        out().flush();
    }

    /** Says that a worker takes tasks: as JSON in either case, since whoever started it waits for this line. */
    void ready(Node node, @Nullable Integer metrics) {
        Map<String, Object> fields = fields("event", "ready", "node", node.id(), "pid", node.pid());
        if (metrics != null) {
            fields.put("metrics", metrics);
        }
        out().println(JSON.writeValueAsString(fields));
        out().flush();
    }

    /** Prints a line for a person only. */
    public void text(String text) {
        if (!json) {
            out().println(text);
            out().flush();
        }
    }

    /** Prints on standard error. */
    public void error(String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(text);
        err.flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Fields in the order given: name, value, name, value. */
    public static Map<String, Object> fields(Object... pairs) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put((String) pairs[i], pairs[i + 1]);
        }
        return fields;
    }

    /** Reads what a user typed as JSON. */
    static JsonNode parse(String what, String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(what + " is no JSON: " + e.getOriginalMessage());
        }
    }

    /** Bytes of another node as JSON if they are, else as text. */
    static Object value(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (JacksonException e) {
            return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
