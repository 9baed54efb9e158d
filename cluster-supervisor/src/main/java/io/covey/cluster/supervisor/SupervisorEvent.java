package io.covey.cluster.supervisor;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a {@link Supervisor} did or saw. The texts may change; names and fields may not. */
public sealed interface SupervisorEvent
        permits ChildEvent,
                SupervisorEvent.Running,
                SupervisorEvent.Restarting,
                SupervisorEvent.CrashLoop,
                SupervisorEvent.RolloutStarted,
                SupervisorEvent.RolloutDone,
                SupervisorEvent.RolloutStopped,
                SupervisorEvent.Scaled,
                SupervisorEvent.Notice,
                SupervisorEvent.Stopping,
                SupervisorEvent.Stopped {

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
            return EventFields.of("workers", workers, "pid", pid);
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
            return EventFields.of("slot", slot, "failures", failures, "millis", in.toMillis(), "reason", reason);
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
            return EventFields.of(
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
            return EventFields.of("workers", workers);
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
            return EventFields.of("workers", workers, "millis", took.toMillis());
        }
    }

    /**
     * A new process did not come up, or not for long, so the others stay as they are.
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
            return EventFields.of(
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
            return EventFields.of("workers", workers);
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
            return EventFields.of("text", text);
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
            return EventFields.of("workers", workers, "millis", within.toMillis(), "reason", reason);
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
            return EventFields.of(
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
