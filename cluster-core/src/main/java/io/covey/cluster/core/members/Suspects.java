package io.covey.cluster.core.members;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Who is late, as one look after the other tells. Not thread-safe. */
final class Suspects {
    private final long steadyNanos;
    private final Set<String> ids = new HashSet<>();
    private Optional<Duration> nextDeath = Optional.empty();
    private long lookedAt;

    /**
     * Suspects nobody yet.
     *
     * @param steady who has not looked for longer does not suspect others at its first look: it was away itself, and the
     *     others may have been so, too
     * @param now the monotonic clock
     */
    Suspects(Duration steady, long now) {
        steadyNanos = steady.toNanos();
        lookedAt = now;
    }

    /** Takes a look, and answers who is suspected newly. */
    Set<String> suspect(Map<String, Duration> late, Collection<String> known, long now) {
        boolean steady = now - lookedAt <= steadyNanos;
        lookedAt = now;
        nextDeath = late.entrySet().stream()
                .filter(entry -> known.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .min(Duration::compareTo);
        Set<String> newly = new TreeSet<>();
        if (steady) {
            newly.addAll(late.keySet());
            newly.retainAll(known);
            newly.removeAll(ids);
            ids.addAll(newly);
        }
        return newly;
    }

    /** Suspects those no more that are neither late nor overdue, and answers who of them is still there. */
    Set<String> resume(Map<String, Duration> late, Set<String> overdue, Collection<String> known) {
        ids.retainAll(known);
        Set<String> resumed = new TreeSet<>(ids);
        resumed.removeAll(late.keySet());
        resumed.removeAll(overdue);
        ids.removeAll(resumed);
        return resumed;
    }

    void forget(String id) {
        ids.remove(id);
    }

    Set<String> ids() {
        return ids;
    }

    /** In which time the first lease of those that are late runs out, as of the last look. */
    Optional<Duration> nextDeath() {
        return nextDeath;
    }
}
