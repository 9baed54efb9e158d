package io.covey.cluster.core.local;

import io.covey.cluster.core.local.LocalTask.Place;
import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Hands tasks out, and lets their owners keep them. Guarded by its queue. */
final class Claims {
    private final QueueParts parts;
    private long fence;

    Claims(QueueParts parts) {
        this.parts = parts;
    }

    List<Lease> claim(Turn turn, long virtualNow) {
        long now = parts.now();
        TakenTasks taken = new TakenTasks(parts.keys, now);
        int room = parts.limits.room(turn.limit(), now);
        if (room > 0) {
            parts.ready.take(room, turn.solo(), now, taken);
        }
        if (taken.size() == 0) {
            return List.of();
        }
        parts.limits.charge(taken.size(), now);
        fence = Fences.after(fence, parts.clock);
        List<Lease> claims = new ArrayList<>(taken.size());
        int number = 0;
        for (LocalTask task : taken.all()) {
            number++;
            if (task.id.isEmpty()) {
                task.id = turn.call().lane() + "." + turn.call().seq() + "." + number;
            }
            if (task.fence != LocalTask.NO_FENCE) {
                task.attempted(task.owner, parts.clock.instant(), "");
            }
            task.fence = fence;
            task.deliveries++;
            task.attempts++;
            parts.started(task);
            parts.claimed.put(task.id, task);
            parts.lease(task, turn.owner(), virtualNow + turn.lease().toMillis());
            claims.add(lease(task));
        }
        return claims;
    }

    /** Those of an earlier claim that are still its owner's, renewed. */
    List<Lease> again(Turn turn, List<Held> before, long virtualNow) {
        List<Lease> still = new ArrayList<>();
        for (Held held : before) {
            LocalTask task = parts.claimed.get(held.id());
            if (task != null && task.fence == held.fence() && task.place == Place.LEASED) {
                still.add(lease(task));
            }
        }
        if (!still.isEmpty()) {
            parts.leases.renew(turn.owner(), virtualNow + turn.lease().toMillis());
        }
        return still;
    }

    private Lease lease(LocalTask task) {
        return new Lease(parts.name, task.id, task.content, task.fence, task.deliveries, task.attempts, task.earlier);
    }

    /**
     * Renews what is still the owner's, takes back what nobody claimed meanwhile unless others have taken its place in a
     * limit, and adds the rest to the lost.
     */
    void beat(String owner, long end, List<Held> held, Set<Held> lost) {
        for (Held one : held) {
            LocalTask task = parts.claimed.get(one.id());
            if (task == null || task.fence != one.fence() || !task.owner.equals(owner)) {
                lost.add(one);
            } else if (task.place == Place.LEASED) {
                parts.leases.renew(owner, end);
            } else if (parts.limits.hasSlot() && parts.keys.hasSlot(task)) {
                parts.ready.remove(task);
                parts.keys.leased(task);
                parts.lease(task, owner, end);
            } else {
                lost.add(one);
            }
        }
    }

    /** Whether a fence is the newest of a task that has not ended. */
    boolean isNewest(Held held) {
        LocalTask task = parts.claimed.get(held.id());
        return task != null && task.fence == held.fence();
    }
}
