package io.covey.cluster.supervisor;

import io.covey.cluster.supervisor.ChildEvent.Cause;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Looks for what a process does not say by ending: that it never works, hangs, or has too much memory. */
final class Vitals {
    private static final long MEMORY_EVERY = Duration.ofMillis(500).toNanos();
    private static final long MIB = 1024 * 1024;
    /** One that goes on growing while it drains would meet the kernel. */
    private static final double HARD = 1.5;

    private final Settings settings;
    private final OptionalLong memory;

    Vitals(Settings settings) {
        this.settings = settings;
        this.memory = Memory.isKnown() ? settings.memory() : OptionalLong.empty();
    }

    /**
     * Why a process is to be replaced.
     *
     * @param atOnce whether it is not to be waited for
     */
    record Finding(Cause cause, String reason, boolean atOnce) {}

    /** What this system does not tell, in a sentence. */
    Optional<String> limit() {
        return settings.memory().isPresent() && memory.isEmpty()
                ? Optional.of("The memory of the processes is not watched: this system has no /proc that tells it")
                : Optional.empty();
    }

    @Nullable
    Finding look(Slot slot, List<Slot> all, long now) {
        Child child = slot.current();
        if (child == null || !child.isActive()) {
            return null;
        }
        if (child.isLate(now)) {
            String reason = child.name() + " was not ready after "
                    + settings.times().start().toMillis() + " ms" + hint();
            return new Finding(Cause.NEVER_READY, reason, false);
        }
        Duration silent = Duration.ofNanos(child.silentAt(now));
        if (silent.compareTo(settings.times().silence()) >= 0) {
            if (settings.java()) {
                child.printThreads();
            }
            String reason = child.name() + " has given no sign of life for " + silent.toMillis() + " ms";
            return new Finding(Cause.HUNG, reason, false);
        }
        return weigh(slot, child, all, now);
    }

    private String hint() {
        return settings.readiness() instanceof Readiness.Http
                ? ": it does not answer its URL with 200 to 299"
                : ": it printed no line {\"event\":\"ready\"} and made no file $" + Supervision.READY_FILE;
    }

    private @Nullable Finding weigh(Slot slot, Child child, List<Slot> all, long now) {
        OptionalLong has = memoryOf(child, now);
        if (memory.isEmpty() || has.isEmpty() || has.getAsLong() < memory.getAsLong()) {
            return null;
        }
        boolean atOnce = has.getAsLong() >= memory.getAsLong() * HARD;
        // Not all at once: somebody has to do the work.
        if (!atOnce && all.stream().anyMatch(other -> other != slot && !other.isReady())) {
            return null;
        }
        return new Finding(Cause.MEMORY, child.name() + heavy(has.getAsLong()), atOnce);
    }

    /** Why a process that drains is to be killed, if it is. */
    Optional<String> tooMuch(Child child, long now) {
        OptionalLong has = memoryOf(child, now);
        return has.isPresent() && memory.isPresent() && has.getAsLong() >= memory.getAsLong() * HARD
                ? Optional.of("it" + heavy(has.getAsLong()) + " while it drains")
                : Optional.empty();
    }

    private String heavy(long bytes) {
        return " has " + bytes / MIB + " MiB of memory, the limit is " + memory.orElse(0) / MIB + " MiB";
    }

    private OptionalLong memoryOf(Child child, long now) {
        if (memory.isEmpty() || !child.isDueToBeWeighed(now, MEMORY_EVERY)) {
            return OptionalLong.empty();
        }
        return Memory.ofTree(child.process().toHandle());
    }
}
