package io.covey.cluster.tasks;

import java.util.ArrayList;
import java.util.List;

/** What an exception says of itself, which is the application's code, too. */
final class Backtrace {
    private static final int MOST_LINES = 50;
    private static final int LONGEST_REASON = 1000;

    private Backtrace() {}

    static String message(Throwable thrown) {
        String text;
        try {
            text = thrown.getMessage();
        } catch (RuntimeException | Error e) {
            text = "its message cannot be read: " + e.getClass().getName();
        }
        if (text == null) {
            text = thrown.getClass().getSimpleName();
        }
        return text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) + "…" : text;
    }

    static List<String> of(Throwable thrown) {
        List<String> lines = new ArrayList<>();
        Throwable next = thrown;
        while (next != null && lines.size() < MOST_LINES) {
            if (next != thrown) {
                lines.add("Caused by: " + next.getClass().getName() + ": " + message(next));
            }
            for (StackTraceElement element : next.getStackTrace()) {
                if (lines.size() < MOST_LINES) {
                    lines.add("    at " + element);
                }
            }
            next = next.getCause() == next ? null : next.getCause();
        }
        return lines;
    }
}
