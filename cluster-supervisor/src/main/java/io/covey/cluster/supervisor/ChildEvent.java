package io.covey.cluster.supervisor;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What became of one process of a {@link Supervisor}. */
public sealed interface ChildEvent extends SupervisorEvent {

    /**
     * Which process.
     *
     * @return its name, which no other process of this supervisor ever has
     */
    String child();

    /**
     * Which process.
     *
     * @return its process id
     */
    long pid();

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
    record Started(String child, int slot, long pid) implements ChildEvent {
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
            return EventFields.of("child", child, "slot", slot, "pid", pid);
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
    record Ready(String child, int slot, long pid, Duration after) implements ChildEvent {
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
            return EventFields.of("child", child, "slot", slot, "pid", pid, "millis", after.toMillis());
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
    record Draining(String child, long pid, Cause cause, String reason) implements ChildEvent {
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
            return EventFields.of(
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
    record Killed(String child, long pid, String reason) implements ChildEvent {
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
            return EventFields.of("child", child, "pid", pid, "reason", reason);
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
    record Ended(String child, long pid, int status, boolean asked, List<String> lastLines) implements ChildEvent {
        @Override
        public String name() {
            return "ended";
        }

        @Override
        public String text() {
            return child + " has ended with " + ChildEvent.ended(status)
                    + (asked ? "" : ", and nobody had asked it to");
        }

        @Override
        public Map<String, Object> fields() {
            return EventFields.of("child", child, "pid", pid, "status", status, "asked", asked, "lastLines", lastLines);
        }
    }
}
