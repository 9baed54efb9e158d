package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.QueueSettings.Rate;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.tck.LedgerTask.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/** Random changes of queues and of tasks that nobody runs, told to the {@link Ledger}. */
final class RandomChanges {
    private static final int RECENT = 60;

    private final RandomScene scene;
    private final Random random;
    private final Ledger ledger;
    private final LedgerChanges judge;

    RandomChanges(RandomScene scene) {
        this.scene = scene;
        this.random = scene.random;
        this.ledger = scene.ledger;
        this.judge = new LedgerChanges(ledger);
    }

    LedgerChanges judge() {
        return judge;
    }

    private QueueControl control() {
        return scene.broker().control().orElseThrow();
    }

    void settings(String queue) {
        QueueSettings now = ledger.limits.of(queue);
        switch (random.nextInt(5)) {
            case 0 -> set(queue, now.withPaused(!now.paused()));
            case 1 -> set(queue, now.withLimits(some(6), Optional.empty()));
            case 2 -> set(queue, now.kind() == Kind.OWN ? now.withKeyLimits(some(3), Optional.empty()) : now);
            case 3 -> set(queue, rated(now));
            default -> lift(queue);
        }
    }

    private QueueSettings rated(QueueSettings now) {
        int permits = 20 + random.nextInt(200);
        Optional<Rate> rate = Optional.of(new Rate(permits, Duration.ofSeconds(1), 1 + random.nextInt(4)));
        return now.kind() == Kind.OWN && random.nextBoolean()
                ? now.withKeyLimits(some(3), rate)
                : now.withLimits(some(6), rate);
    }

    private Optional<Integer> some(int most) {
        return random.nextInt(3) == 0 ? Optional.empty() : Optional.of(1 + random.nextInt(most));
    }

    void lift(String queue) {
        set(queue, QueueSettings.defaults().withKind(ledger.limits.of(queue).kind()));
    }

    void set(String queue, QueueSettings wanted) {
        scene.trace("set " + queue + " " + wanted);
        Instant then = scene.now();
        QueueSettings now = TransportContract.on(control().change(queue, before -> wanted));
        Ledger.check(now.equals(wanted), "set was " + wanted + ", now it is " + now);
        ledger.limits.set(queue, wanted);
        ledger.rates.set(queue, wanted, then);
    }

    void cancel(int made) {
        LedgerTask task = ledger.numbered(made - random.nextInt(RECENT));
        if (task == null) {
            return;
        }
        if (task.publicId.equals(LedgerTask.ANOTHER)) {
            return;
        }
        boolean waitsUnseen = task.place == Place.WAITING || task.place == Place.GIVEN || task.place == Place.FOREIGN;
        boolean byLease = task.id != null && (task.publicId.isEmpty() || random.nextInt(3) == 0);
        if (!byLease && task.publicId.isEmpty() || byLease && waitsUnseen) {
            return;
        }
        String id = byLease ? String.valueOf(task.id) : task.publicId;
        scene.trace("cancel " + id + " of " + task);
        var answer = TransportContract.on(control().cancel(task.queue, id));
        scene.trace("  -> " + answer);
        judge.cancelled(task, id, answer, scene.repeated());
    }

    void giveBack(String queue) {
        long count = TransportContract.on(control().giveBack(queue));
        scene.trace("give back " + queue + " -> " + count);
        judge.givenBack(queue, count, scene.repeated());
    }

    /** Frees the lock of one of these that holds it until its start, or may have been refused it, twice. */
    void start(List<Lease> leases) {
        for (Lease lease : leases) {
            LedgerTask task = ledger.of(lease);
            Kind kind = ledger.limits.of(lease.queue()).kind();
            if (task != null
                    && task.until == Until.STARTED
                    && task.settledBy(lease.fence())
                    && (kind == Kind.OWN || ledger.locks.isHeldBy(task))) {
                scene.trace("start of " + task);
                TransportContract.on(control().release(lease.queue(), RandomTasks.release(task, lease)));
                TransportContract.on(control().release(lease.queue(), RandomTasks.release(task, lease)));
                ledger.locks.free(task, kind);
                return;
            }
        }
    }

    private static boolean waits(LedgerTask task) {
        return task.place == Place.WAITING;
    }

    /** Removes one by what it is. */
    void remove(int made) {
        LedgerTask task = ledger.numbered(made - random.nextInt(RECENT));
        if (task == null) {
            return;
        }
        scene.trace("remove " + task);
        byte[] args = ("[" + task.number + "]").getBytes(UTF_8);
        long count = TransportContract.on(control().remove(task.queue, task.type, args));
        judgeRemoval(task.queue, List.of(task), count, RandomChanges::waits, mayHaveBeenPromoted());
    }

    void removeType(String queue) {
        scene.trace("remove type u of " + queue);
        long count = TransportContract.on(control().removeType(queue, "u"));
        List<LedgerTask> all =
                ledger.all(queue).stream().filter(task -> task.type.equals("u")).toList();
        judgeRemoval(queue, all, count, RandomChanges::waits, mayHaveBeenPromoted());
    }

    /** Looks when one is due and removes it, if it is still delayed. */
    void removeDelayed(int made) {
        LedgerTask task = ledger.numbered(made - random.nextInt(RECENT));
        if (task == null) {
            return;
        }
        scene.trace("remove delayed " + task);
        byte[] args = ("[" + task.number + "]").getBytes(UTF_8);
        var at = TransportContract.on(control().delayedAt(task.queue, task.type, args));
        Ledger.check(
                at.isEmpty()
                        || at.size() == 1
                                && task.place == Place.DELAYED
                                && !at.get(0).isBefore(task.due),
                task + " of " + task.due + " is delayed until " + at);
        long count = TransportContract.on(control().removeDelayed(task.queue, task.type, args));
        boolean early = scene.now().isBefore(task.due);
        Ledger.check(!early || task.place != Place.DELAYED || at.size() == 1, task + " is not known to be delayed");
        judgeRemoval(
                task.queue,
                List.of(task),
                count,
                one -> early && one.place == Place.DELAYED,
                one -> !early && one.place == Place.DELAYED);
    }

    /** A delayed one whose time has come may wait as others do; where one that was given back waits is not said. */
    private Predicate<LedgerTask> mayHaveBeenPromoted() {
        Instant now = scene.now();
        return task -> task.place == Place.GIVEN || task.place == Place.DELAYED && !task.due.isAfter(now);
    }

    private void judgeRemoval(
            String queue,
            List<LedgerTask> tasks,
            long count,
            Predicate<LedgerTask> certain,
            Predicate<LedgerTask> perhaps) {
        boolean repeated = scene.repeated();
        scene.trace("  -> " + count + (repeated ? " at last" : ""));
        judge.removed(
                tasks.stream().filter(certain).toList(),
                tasks.stream().filter(perhaps).toList(),
                count,
                scene.idle(queue),
                repeated);
    }
}
