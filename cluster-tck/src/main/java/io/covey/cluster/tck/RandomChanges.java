package io.covey.cluster.tck;

import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.tck.LedgerTask.Place;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Random changes of queues and of tasks that nobody runs, told to the {@link Ledger}. */
final class RandomChanges {
    private static final int RECENT = 60;

    private final Supplier<QueueControl> control;
    private final Random random;
    private final Ledger ledger;
    private final Consumer<String> trace;

    RandomChanges(Supplier<QueueControl> control, Random random, Ledger ledger, Consumer<String> trace) {
        this.control = control;
        this.random = random;
        this.ledger = ledger;
        this.trace = trace;
    }

    void settings(String queue) {
        QueueSettings now = ledger.limits.of(queue);
        switch (random.nextInt(4)) {
            case 0 -> set(queue, now.withPaused(!now.paused()));
            case 1 -> set(queue, now.withLimits(some(6), Optional.empty()));
            case 2 -> set(queue, now.kind() == Kind.OWN ? now.withKeyLimits(some(3), Optional.empty()) : now);
            default -> lift(queue);
        }
    }

    private Optional<Integer> some(int most) {
        return random.nextInt(3) == 0 ? Optional.empty() : Optional.of(1 + random.nextInt(most));
    }

    void lift(String queue) {
        set(queue, QueueSettings.defaults().withKind(ledger.limits.of(queue).kind()));
    }

    void set(String queue, QueueSettings wanted) {
        trace.accept("set " + queue + " " + wanted);
        QueueSettings now = TransportContract.on(control.get().change(queue, before -> wanted));
        Ledger.check(now.equals(wanted), "set was " + wanted + ", now it is " + now);
        ledger.limits.set(queue, wanted);
    }

    void cancel(int made) {
        LedgerTask task = ledger.numbered(made - random.nextInt(RECENT));
        if (task == null) {
            return;
        }
        boolean waitsUnseen = task.place == Place.WAITING || task.place == Place.GIVEN;
        boolean byLease = task.id != null && (task.publicId.isEmpty() || random.nextInt(3) == 0);
        if (!byLease && task.publicId.isEmpty() || byLease && waitsUnseen) {
            return;
        }
        String id = byLease ? String.valueOf(task.id) : task.publicId;
        trace.accept("cancel " + id + " of " + task);
        var answer = TransportContract.on(control.get().cancel(task.queue, id));
        trace.accept("  -> " + answer);
        ledger.cancelled(task, id, answer);
    }

    void giveBack(String queue) {
        long count = TransportContract.on(control.get().giveBack(queue));
        trace.accept("give back " + queue + " -> " + count);
        ledger.givenBack(queue, count);
    }

    /** Frees the lock of one of these that holds it until its start, twice. */
    void start(List<Lease> leases) {
        for (Lease lease : leases) {
            LedgerTask task = ledger.of(lease);
            if (task != null
                    && task.until == Until.STARTED
                    && task.settledBy(lease.fence())
                    && ledger.locks.isHeldBy(task)) {
                trace.accept("start of " + task);
                TransportContract.on(control.get().release(lease.queue(), RandomTasks.release(task, lease)));
                TransportContract.on(control.get().release(lease.queue(), RandomTasks.release(task, lease)));
                ledger.locks.free(task);
                return;
            }
        }
    }
}
