package io.covey.cluster.supervisor;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a {@link Supervisor} did or saw. The texts may change; names and fields may not. */
public sealed interface SupervisorEvent {

    /**
     * What a program calls it.
     *
     * @return such as {@code rollout-stopped}
     */
    String name();

    /**
     * It in one line, for a person. What processes printed is not in it, so that it has no control characters.
     *
     * @return a sentence
     */
    String text();

    /**
     * Its parts, for a program.
     *
     * @return numbers, strings, booleans and lists of strings by name, in order
     */
    Map<String, Object> fields();

    /**
     * What the processes concerned printed last.
     *
     * @return without control characters; empty if that is of no interest
     */
    default List<String> lastLines() {
        return List.of();
    }

    private static Map<String, Object> of(Object... pairs) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put((String) pairs[i], pairs[i + 1]);
        }
        return fields;
    }

    private static String ended(int status) {
        return status > 128 && status < 192
                ? "status " + status + ", as by signal " + (status - 128)
                : "status " + status;
    }

    /**
     * A process was started.
     *
     * @param child its name, which no other process of this supervisor ever has
     * @param slot which of the places it has, from 1
     * @param pid its process id
     */
    record Started(String child, int slot, long pid) implements SupervisorEvent {
        @Override
        public String name() {
            return "started";
        }

        @Override
        public String text() {
            return child + " was started as process " + pid;
        }

        @Override
        public Map<String, Object> fields() {
            return SupervisorEvent.of("child", child, "slot", slot, "pid", pid);
        }
    }

    /**
     * A process works.
     *
     * @param child its name
     * @param slot its place
     * @param pid its process id
     * @param after how long it took
     */
    record Ready(String child, int slot, long pid, Duration after) implements SupervisorEvent {
        @Override
        public String name() {
            return "child-ready";
        }

        @Override
        public String text() {
            return child + " is ready after " + after.toMillis() + " ms";
        }

        @Override
        public Map<String, Object> fields() {
            return SupervisorEvent.of("child", child, "slot", slot, "pid", pid, "millis", after.toMillis());
        }
    }

    /**
     * All processes are ready for the first time.
     *
     * @param workers how many
     * @param pid the process id of the supervisor
     */
    record Running(int workers, long pid) implements SupervisorEvent {
        @Override
        public String name() {
            return "ready";
        }

        @Override
        public String text() {
            return "All " + workers + " processes are ready; the supervisor is process " + pid;
        }

        @Override
        public Map<String, Object> fields() {
            return SupervisorEvent.of("workers", workers, "pid", pid);
        }
    }

    /** Why a process is asked to end. */
    enum Cause {
        /** The supervisor stops. */
        STOP,
        /** There are to be less of them. */
        SHRINK,
        /** Another one has taken its place. */
        ROLLOUT,
        /** It gave no sign of life. */
        HUNG,
        /** It has more memory than it may. */
        MEMORY,
        /** It did not become ready. */
        NEVER_READY
    }

    /**
     * A process is asked to finish what it does and to end, by SIGTERM.
     *
     * @param child its name
     * @param pid its process id
     * @param cause why
     * @param reason why, in words
     */
    record Draining(String child, long pid, Cause cause, String reason) implements SupervisorEvent {
        @Override
        public String name() {
            return "draining";
        }

        @Override
        public String text() {
            return child + " is asked to end: " + reason;
        }

        @Override
        public Map<String, Object> fields() {
            return SupervisorEvent.of(
                    "child", child, "pid", pid, "cause", cause.name().toLowerCase(Locale.ROOT), "reason", reason);
        }
    }

    /**
     * A process is killed, by SIGKILL.
     *
     * @param child its name
     * @param pid its process id
     * @param reason why
     */
    record Killed(String child, long pid, String reason) implements SupervisorEvent {
        @Override
        public String name() {
            return "killed";
        }

        @Override
        public String text() {
            return child + " is killed: " + reason;
        }

        @Override
        public Map<String, Object> fields() {
            return SupervisorEvent.of("child", child, "pid", pid, "reason", reason);
        }
    }

    /**
     * A process has ended.
     *
     * @param child its name
     * @param pid its process id
     * @param status its exit status; 128 and the number of a signal that ended it
     * @param asked whether it was asked to
     * @param lastLines what it printed last, if it was not asked to end
     */
    record Ended(String child, long pid, int status, boolean asked, List<String> lastLines) implements SupervisorEvent {
        @Override
        public String name() {
            return "ended";
        }

        @Override
        public String text() {
            return child + " has ended with " + SupervisorEvent.ended(status)
                    + (asked ? "" : ", and nobody had asked it to");
        }

        @Override
        public Map<String, Object> fields() {
            return SupervisorEvent.of(
                    "child", child, "pid", pid, "status", status, "asked", asked, "lastLines", lastLines);
        }
    }

    /**
     * A place is empty and will be filled.
     *
     * @param slot the place
     * @param failures how often in a row its process ended or could not be started
     * @param in when the next one is started
     * @param reason what became of the last one
     */
    record Restarting(int slot, int failures, Duration in, String reason) implements SupervisorEvent {
        @Override
        public String name() {
            return "restarting";
        }

        @Override
        public String text() {
            return "Place " + slot + " gets another process in " + in.toMillis() + " ms: " + reason
                    + (failures > 1 ? " (" + failures + " times in a row)" : "");
        }

        @Override
        public Map<String, Object> fields() {
            return SupervisorEvent.of("slot", slot, "failures", failures, "millis", in.toMillis(), "reason", reason);
        }
    }

    /**
     * The process of a place ends again and again.
     *
     * @param slot the place
     * @param failures how often in a row
     * @param status the exit status of the last one
     * @param stops whether the supervisor gives up; else others work, and this place is tried again now and then
     * @param reason what became of the last one
     * @param lastLines what the last one printed last
     */
    record CrashLoop(int slot, int failures, int status, boolean stops, String reason, List<String> lastLines)
            implements SupervisorEvent {
        @Override
        public String name() {
            return "crash-loop";
        }

        @Override
        public String text() {
            return "The process of place " + slot + " ended " + failures + " times in a row: " + reason
                    + (stops
                            ? ". No other process works: the supervisor gives up"
                            : ". Others work; this place is tried again now and then");
        }

        @Override
        public Map<String, Object> fields() {
            return SupervisorEvent.of(
                    "slot",
                    slot,
                    "failures",
                    failures,
                    "status",
                    status,
                    "stops",
                    stops,
                    "reason",
                    reason,
                    "lastLines",
                    lastLines);
        }
    }

    /**
     * All processes are about to be replaced, one after the other.
     *
     * @param workers how many
     */
    record RolloutStarted(int workers) implements SupervisorEvent {
        @Override
        public String name() {
            return "rollout-started";
        }

        @Override
        public String text() {
            return "Rolling restart of " + workers + " processes: each is drained once the one after it is ready";
        }

        @Override
        public Map<String, Object> fields() {
            return SupervisorEvent.of("workers", workers);
        }
    }

    /**
     * All processes were replaced.
     *
     * @param workers how many
     * @param took how long that took
     */
    record RolloutDone(int workers, Duration took) implements SupervisorEvent {
        @Override
        public String name() {
            return "rollout-done";
        }

        @Override
        public String text() {
            return "Rolling restart done: " + workers + " processes replaced in " + took.toMillis() + " ms";
        }

        @Override
        public Map<String, Object> fields() {
            return SupervisorEvent.of("workers", workers, "millis", took.toMillis());
        }
    }

    /**
     * A new process did not come up, so the others stay as they are.
     *
     * @param child the new process
     * @param replaced how many were replaced before
     * @param left how many were not
     * @param reason what happened
     * @param lastLines what the new process printed last
     */
    record RolloutStopped(String child, int replaced, int left, String reason, List<String> lastLines)
            implements SupervisorEvent {
        @Override
        public String name() {
            return "rollout-stopped";
        }

        @Override
        public String text() {
            return "Rolling restart stopped: " + reason + ". " + replaced + " processes were replaced, " + left
                    + " stay as they are and go on working";
        }

        @Override
        public Map<String, Object> fields() {
            return SupervisorEvent.of(
                    "child", child, "replaced", replaced, "left", left, "reason", reason, "lastLines", lastLines);
        }
    }

    /**
     * There are to be more or less processes.
     *
     * @param workers how many
     */
    record Scaled(int workers) implements SupervisorEvent {
        @Override
        public String name() {
            return "scaled";
        }

        @Override
        public String text() {
            return "There are to be " + workers + " processes";
        }

        @Override
        public Map<String, Object> fields() {
            return SupervisorEvent.of("workers", workers);
        }
    }

    /**
     * Something was not done, or is not as it should be.
     *
     * @param text what, in a sentence
     */
    record Notice(String text) implements SupervisorEvent {
        @Override
        public String name() {
            return "notice";
        }

        @Override
        public Map<String, Object> fields() {
            return SupervisorEvent.of("text", text);
        }
    }

    /**
     * All processes are asked to end.
     *
     * @param workers how many there are
     * @param within after what time those that are left are killed
     * @param reason why
     */
    record Stopping(int workers, Duration within, String reason) implements SupervisorEvent {
        @Override
        public String name() {
            return "stopping";
        }

        @Override
        public String text() {
            return reason + ": " + workers + " processes are drained; what is left after " + within.toMillis()
                    + " ms is killed";
        }

        @Override
        public Map<String, Object> fields() {
            return SupervisorEvent.of("workers", workers, "millis", within.toMillis(), "reason", reason);
        }
    }

    /**
     * The supervisor has ended, and all processes with it. The last event.
     *
     * @param outcome how
     */
    record Stopped(Outcome outcome) implements SupervisorEvent {
        @Override
        public String name() {
            return "stopped";
        }

        @Override
        public String text() {
            return outcome.message();
        }

        @Override
        public Map<String, Object> fields() {
            return SupervisorEvent.of(
                    "status",
                    outcome.exitStatus(),
                    "childStatus",
                    outcome.childStatus(),
                    "killed",
                    outcome.killed(),
                    "message",
                    outcome.message());
        }

        @Override
        public List<String> lastLines() {
            return outcome.lastLines();
        }
    }
}
