package io.covey.cluster.tck;

import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.TaskBroker.QueueState;
import io.covey.cluster.tck.LedgerTask.Place;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The settings of queues as the {@link Ledger} knows them, and what they allow. */
final class LedgerLimits {
    private final Map<String, QueueSettings> settings = new HashMap<>();
    private final Set<String> changed = new HashSet<>();

    QueueSettings of(String queue) {
        return settings.getOrDefault(queue, QueueSettings.defaults());
    }

    void set(String queue, QueueSettings now) {
        settings.put(queue, now);
        changed.add(queue);
    }

    /** What a change held back or set free is in its place. */
    void upkept() {
        changed.clear();
    }

    boolean isLimited(String queue) {
        QueueSettings now = of(queue);
        return now.paused()
                || now.concurrency().isPresent()
                || now.keyConcurrency().isPresent()
                || isRated(queue);
    }

    /** Whether time keeps some from starting. */
    private boolean isRated(String queue) {
        return of(queue).rate().isPresent() || of(queue).keyRate().isPresent();
    }

    /** How many more may be leased, whatever their keys. */
    private long room(String queue, Collection<LedgerTask> open) {
        long leased = open.stream().filter(task -> task.place == Place.LEASED).count();
        return of(queue).concurrency().map(most -> most - leased).orElse(Long.MAX_VALUE);
    }

    private boolean hasPlaceInKey(LedgerTask task, Collection<LedgerTask> open) {
        return task.key.isEmpty()
                || leasedOfKey(task, open) < of(task.queue).keyConcurrency().orElse(Integer.MAX_VALUE);
    }

    private static long leasedOfKey(LedgerTask task, Collection<LedgerTask> open) {
        return open.stream()
                .filter(other -> other.place == Place.LEASED && other.key.equals(task.key))
                .count();
    }

    /** Whether a claim must be given one of those that wait so. One that met keys at their limits may tell to ask again. */
    boolean mustStart(String queue, Collection<LedgerTask> waiting, Collection<LedgerTask> open, boolean more) {
        return !changed.contains(queue)
                && !isRated(queue)
                && !(more && of(queue).keyConcurrency().isPresent())
                && !of(queue).paused()
                && room(queue, open) > 0
                && waiting.stream().anyMatch(task -> hasPlaceInKey(task, open));
    }

    /** Whether there is a place for a task that is leased again. */
    boolean hasPlace(LedgerTask task, Collection<LedgerTask> open) {
        return room(task.queue, open) > 0 && hasPlaceInKey(task, open);
    }

    /** A task was just leased. */
    void leased(LedgerTask task, Collection<LedgerTask> open) {
        Ledger.check(room(task.queue, open) >= 0, task + " is one more than " + of(task.queue) + " allows");
        long counted = open.stream()
                .filter(other -> other.place == Place.LEASED && other.key.equals(task.key) && !other.loose)
                .count();
        Ledger.check(
                task.key.isEmpty()
                        || task.loose
                        || counted <= of(task.queue).keyConcurrency().orElse(Integer.MAX_VALUE),
                task + " is one more of its key than " + of(task.queue) + " allows");
    }

    /** Some tasks are ready for certain, others may be. */
    void state(String queue, QueueState state, long ready, long perhaps, Collection<LedgerTask> open) {
        String what = queue + " has " + ready + " ready, perhaps " + perhaps + " more: " + state + ", " + of(queue);
        Ledger.check(state.ready() <= ready + perhaps, what);
        if (of(queue).paused() || room(queue, open) <= 0) {
            Ledger.check(state.ready() == 0 && (ready == 0 || state.pause().toMillis() > 0), what);
        } else if (!isRated(queue) && of(queue).keyConcurrency().isEmpty() && !changed.contains(queue)) {
            Ledger.check(state.ready() >= Math.min(ready, room(queue, open)), what);
            Ledger.check(state.pause().isZero() || state.ready() == 0, what);
        }
    }
}
