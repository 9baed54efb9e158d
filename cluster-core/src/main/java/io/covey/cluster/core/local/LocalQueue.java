package io.covey.cluster.core.local;

import io.covey.cluster.core.local.Lanes.Kind;
import io.covey.cluster.core.local.LocalTask.Place;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.QueueState;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** One queue: the steps of the task protocol, each under the queue's lock. */
final class LocalQueue {
    private static final int MOST_REAPED = 500;

    private final String name;
    private final String epoch;
    private final LocalClock clock;
    private final FailedTasks failed;
    private final ReentrantLock lock = new ReentrantLock();
    private final VirtualClock virtual;
    private final ReadyTasks ready = new ReadyTasks();
    private final Leases leases = new Leases();
    private final Lanes lanes = new Lanes();
    private final SeenIds seen = new SeenIds();
    private final Map<String, LocalTask> claimed = new HashMap<>();
    private long fence;
    private boolean used;

    LocalQueue(String name, String epoch, LocalClock clock, FailedTasks failed) {
        this.name = name;
        this.epoch = epoch;
        this.clock = clock;
        this.failed = failed;
        this.virtual = new VirtualClock(clock);
    }

    Enqueued enqueue(Call call, List<NewTask> tasks, BooleanSupplier gone) {
        return locked(() -> switch (lanes.judge(call, Kind.ENQUEUE)) {
            case UNKNOWN -> new Enqueued(Status.UNKNOWN, List.of(), List.of());
            case STALE -> new Enqueued(Status.STALE, List.of(), List.of());
            case REPEAT -> {
                Enqueued before = (Enqueued) lanes.answer(call, Kind.ENQUEUE);
                yield new Enqueued(Status.REPLAY, before.receipts(), before.accepted());
            }
            case NEW -> {
                Enqueued answer = add(call, tasks);
                lanes.record(call, Kind.ENQUEUE, answer, gone, clock.monotonicMillis());
                yield answer;
            }
        });
    }

    private Enqueued add(Call call, List<NewTask> tasks) {
        List<String> receipts = new ArrayList<>(tasks.size());
        List<Boolean> accepted = new ArrayList<>(tasks.size());
        Instant now = clock.instant();
        for (NewTask added : tasks) {
            String id = call.lane() + "." + call.seq() + "." + (receipts.size() + 1);
            boolean isNew = added.id().isEmpty() || seen.add(added.id().get(), clock.monotonicMillis());
            receipts.add(added.id().orElse(id));
            accepted.add(isNew);
            if (isNew) {
                LocalTask task = new LocalTask(id, new Content.Readable(added.type(), added.args()));
                added.due()
                        .filter(now::isBefore)
                        .ifPresentOrElse(
                                due -> ready.addDelayed(task, Times.ceilMillis(due)), () -> ready.addNew(task));
            }
        }
        used |= !tasks.isEmpty();
        return new Enqueued(Status.OK, List.copyOf(receipts), List.copyOf(accepted));
    }

    TurnAnswer turn(Turn turn, BooleanSupplier gone) {
        return locked(() -> {
            long now = virtual.tick(turn.lease(), leases.isEmpty());
            promote();
            return switch (lanes.judge(turn.call(), Kind.TURN)) {
                case UNKNOWN -> new TurnAnswer(Status.UNKNOWN, List.of(), List.of(), state());
                case STALE -> new TurnAnswer(Status.STALE, List.of(), List.of(), state());
                case REPEAT -> replay(turn, (Taken) lanes.answer(turn.call(), Kind.TURN), now);
                case NEW -> {
                    List<Settled> settled = settle(turn);
                    List<Lease> taken = claim(turn, now);
                    List<Held> held = taken.stream().map(Lease::held).toList();
                    lanes.record(turn.call(), Kind.TURN, new Taken(settled, held), gone, clock.monotonicMillis());
                    yield new TurnAnswer(Status.OK, settled, taken, state());
                }
            };
        });
    }

    private TurnAnswer replay(Turn turn, Taken before, long now) {
        List<Lease> still = new ArrayList<>();
        for (Held held : before.held) {
            LocalTask task = claimed.get(held.id());
            if (task != null && task.fence == held.fence() && task.place == Place.LEASED) {
                still.add(lease(task));
            }
        }
        if (!still.isEmpty()) {
            leases.renew(turn.owner(), now + turn.lease().toMillis());
        }
        return new TurnAnswer(Status.REPLAY, before.settled, still, state());
    }

    private List<Lease> claim(Turn turn, long now) {
        List<LocalTask> taken = ready.take(turn.limit(), turn.solo());
        if (taken.isEmpty()) {
            return List.of();
        }
        fence = Fences.after(fence, clock);
        List<Lease> claims = new ArrayList<>(taken.size());
        for (LocalTask task : taken) {
            task.fence = fence;
            task.deliveries++;
            task.attempts++;
            claimed.put(task.id, task);
            leases.hold(task, turn.owner(), now + turn.lease().toMillis());
            claims.add(lease(task));
        }
        return claims;
    }

    private Lease lease(LocalTask task) {
        return new Lease(name, task.id, task.content, task.fence, task.deliveries, task.attempts);
    }

    private List<Settled> settle(Turn turn) {
        List<Settled> settled = new ArrayList<>(turn.settlements().size());
        List<LocalTask> released = new ArrayList<>();
        Set<String> done = new HashSet<>();
        for (Settlement settlement : turn.settlements()) {
            LocalTask task = claimed.get(settlement.id());
            if (task == null || !done.add(settlement.id())) {
                settled.add(Settled.UNKNOWN);
            } else if (task.fence != settlement.fence()) {
                settled.add(Settled.FENCED);
            } else {
                settled.add(Settled.DONE);
                end(task, settlement.outcome(), released);
            }
        }
        for (int i = released.size() - 1; i >= 0; i--) {
            LocalTask task = released.get(i);
            boolean lastTry = task.deliveries >= turn.maxDeliveries();
            task.deliveries--;
            task.attempts--;
            ready.addBefore(task, lastTry ? Place.LAST : Place.REDO);
        }
        return List.copyOf(settled);
    }

    /** The fence was the newest, so the settlement counts wherever the task lies. */
    private void end(LocalTask task, Outcome outcome, List<LocalTask> released) {
        if (task.place == Place.LEASED) {
            leases.drop(task);
        } else {
            ready.remove(task);
        }
        task.fence = LocalTask.NO_FENCE;
        task.owner = "";
        if (outcome instanceof Outcome.Retry retry) {
            task.deliveries = 0;
            ready.addRetry(task, Times.after(clock.monotonicMillis(), retry.delay()));
            promote();
        } else if (outcome instanceof Outcome.Release) {
            released.add(task);
        } else {
            claimed.remove(task.id);
            task.place = Place.ENDED;
            if (outcome instanceof Outcome.Fail fail) {
                failed.add(name, fail.failure());
            }
        }
    }

    /** Renews what is still the owner's, takes back what nobody claimed meanwhile, and adds the rest to the lost. */
    void beat(String owner, Duration lease, List<Held> held, Set<Held> lost) {
        locked(() -> {
            long end = virtual.tick(lease, leases.isEmpty()) + lease.toMillis();
            for (Held one : held) {
                LocalTask task = claimed.get(one.id());
                if (task == null || task.fence != one.fence() || !task.owner.equals(owner)) {
                    lost.add(one);
                } else if (task.place != Place.LEASED) {
                    ready.remove(task);
                    leases.hold(task, owner, end);
                } else {
                    leases.renew(owner, end);
                }
            }
            return held;
        });
    }

    List<TaskEvent> upkeep(Duration lease, int maxDeliveries) {
        return locked(() -> {
            long now = virtual.tick(lease, leases.isEmpty());
            List<TaskEvent> events = new ArrayList<>();
            for (LocalTask task : leases.takeOverdue(now, MOST_REAPED)) {
                events.add(new TaskEvent(reap(task, maxDeliveries), name, task.id, task.owner));
            }
            promote().forEach(task -> events.add(new TaskEvent(TaskEvent.Kind.PROMOTED, name, task.id, "")));
            lanes.sweep(clock.monotonicMillis());
            seen.sweep(clock.monotonicMillis());
            return events;
        });
    }

    private TaskEvent.Kind reap(LocalTask task, int maxDeliveries) {
        if (task.deliveries >= maxDeliveries) {
            claimed.remove(task.id);
            task.place = Place.ENDED;
            failed.add(name, poisoned(task));
            return TaskEvent.Kind.POISONED;
        }
        boolean lastTry = task.deliveries + 1 >= maxDeliveries;
        ready.addAfter(task, lastTry ? Place.LAST : Place.REDO);
        return lastTry ? TaskEvent.Kind.LAST_TRY : TaskEvent.Kind.REDO;
    }

    private Failure poisoned(LocalTask task) {
        String message = "Task " + task.id + " was not finished by any of the " + task.deliveries
                + " owners that took it, each died or was silent for longer than its lease; it will not run again";
        return new Failure(task.content, "Poison", message, List.of(), task.owner, clock.instant());
    }

    private List<LocalTask> promote() {
        return ready.promote(clock.millis(), clock.monotonicMillis());
    }

    private QueueState state() {
        return new QueueState(ready.ready(), ready.lastTries(), epoch);
    }

    String name() {
        return name;
    }

    boolean isUsed() {
        return locked(() -> used);
    }

    boolean hasWork() {
        return locked(() -> {
            promote();
            return ready.ready() + ready.lastTries() > 0;
        });
    }

    QueueInfo info() {
        return locked(
                () -> new QueueInfo(name, ready.waiting(), claimed.size() - ready.claimedBefore(), ready.retry()));
    }

    long delayed() {
        return locked(ready::delayed);
    }

    void passLeaseTime(Duration time) {
        locked(() -> {
            virtual.pass(time);
            return time;
        });
    }

    /** The number of things remembered for repeats. */
    int remembered() {
        return locked(() -> lanes.size() + seen.size());
    }

    private <T> T locked(Supplier<T> step) {
        lock.lock();
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }

    /** What a turn did, for its repeats. */
    private record Taken(List<Settled> settled, List<Held> held) {}
}
