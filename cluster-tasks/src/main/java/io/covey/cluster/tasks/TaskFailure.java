package io.covey.cluster.tasks;

import java.nio.charset.StandardCharsets;

/**
 * Why a task will never be done.
 *
 * @param exception the kind of error: a class name, {@code Cancelled}, or what the backend calls it
 * @param message its text
 */
public record TaskFailure(String exception, String message) {

    static TaskFailure of(byte[] note) {
        String[] parts = new String(note, StandardCharsets.UTF_8).split("\n", 2);
        return new TaskFailure(parts[0], parts.length > 1 ? parts[1] : "");
    }
}
