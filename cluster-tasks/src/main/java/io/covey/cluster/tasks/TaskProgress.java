package io.covey.cluster.tasks;

import io.covey.cluster.CodecException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How far a task is, by its own account.
 *
 * @param part 0 to 1
 * @param text what it is doing, up to 1,000 characters
 */
public record TaskProgress(double part, String text) {
    private static final int LONGEST = 1000;

    /** Checks the components. */
    public TaskProgress {
        if (!(part >= 0 && part <= 1)) {
            throw new IllegalArgumentException("The part of a progress must be between 0 and 1, was " + part);
        }
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "The text of a progress must have at most " + LONGEST + " characters, had " + text.length());
        }
    }

    byte[] toBytes() {
        return ("[" + part + "," + JsonString.quote(text) + "]").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what a worker has kept of a task as {@link io.covey.cluster.spi.TaskNotes#PROGRESS}, for tools that read the notes of
     * many tasks at once.
     *
     * @param note the note
     * @return how far the task is
     * @throws CodecException if it is no such note
     */
    public static TaskProgress ofNote(byte[] note) {
        return of(note);
    }

    static TaskProgress of(byte[] bytes) {
        List<JsonArray.Span> spans = JsonArray.elements(bytes);
        if (spans.size() < 2) {
            throw new CodecException("The progress of a task has two elements, had " + spans.size());
        }
        try {
            return new TaskProgress(
                    Double.parseDouble(text(bytes, spans.get(0))), JsonString.unquote(text(bytes, spans.get(1))));
        } catch (IllegalArgumentException e) {
            throw new CodecException("The progress of a task cannot be read: " + e.getMessage(), e);
        }
    }

    private static String text(byte[] bytes, JsonArray.Span span) {
        return new String(bytes, span.from(), span.to() - span.from(), StandardCharsets.UTF_8);
    }
}
