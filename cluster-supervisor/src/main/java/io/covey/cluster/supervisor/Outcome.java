package io.covey.cluster.supervisor;

import java.util.List;

/**
 * How a {@link Supervisor} ended.
 *
 * @param crashLoop whether it gave up: its processes end again and again, or it met an error that it cannot go on from
 * @param message what happened, in one line
 * @param childStatus the exit status of the process that ended last in a crash loop; 0 if there was none, or if it could not
 *     be started at all
 * @param lastLines what that process printed last; empty if there was no crash loop
 * @param killed how many processes did not end in their drain time and were killed
 */
public record Outcome(boolean crashLoop, String message, int childStatus, List<String> lastLines, int killed) {

    /** Copies the lines. */
    public Outcome {
        lastLines = List.copyOf(lastLines);
    }

    /**
     * The exit status that a command ends with.
     *
     * @return 0 if it was asked to stop and all processes ended by themselves, else 1
     */
    public int exitStatus() {
        return crashLoop || killed > 0 ? 1 : 0;
    }
}
