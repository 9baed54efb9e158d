package io.covey.cluster.core.local;

import io.covey.cluster.core.local.Lanes.Kind;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** One queue: the steps of the task protocol, each under the queue's lock. */
final class LocalQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final QueueParts parts;
    private final VirtualClock virtual;
    private final Lanes lanes = new Lanes();
    private final Intake intake;
    private final Claims claims;
    private final Endings endings;
    private final Changes changes;
    private final Schedules schedules;
    private final QueueListing listing;

    LocalQueue(String name, String epoch, LocalClock clock, FailedTasks failed) {
        this.parts = new QueueParts(name, epoch, clock, failed);
        this.virtual = new VirtualClock(clock);
        this.intake = new Intake(parts);
        this.claims = new Claims(parts);
        this.endings = new Endings(parts);
        this.changes = new Changes(parts);
        this.schedules = new Schedules(parts, intake);
        this.listing = new QueueListing(parts);
    }

    Enqueued enqueue(Call call, List<NewTask> tasks, BooleanSupplier gone) {
        return locked(() -> switch (lanes.judge(call, Kind.ENQUEUE)) {
            case UNKNOWN -> nothing(Status.UNKNOWN);
            case STALE -> nothing(Status.STALE);
            case REPEAT ->
                again(((EnqueueAnswers) lanes.answer(call, Kind.ENQUEUE)).each().get(0));
            case NEW -> {
                intake.accept(tasks);
                Enqueued answer = intake.add(receipts(call), tasks);
                lanes.record(call, Kind.ENQUEUE, new EnqueueAnswers(List.of(answer)), gone, parts.now());
                yield answer;
            }
        });
    }

    static String receipts(Call call) {
        return call.lane() + "." + call.seq() + ".";
    }

    static Enqueued nothing(Status status) {
        return new Enqueued(status, List.of(), List.of());
    }

    static Enqueued again(Enqueued before) {
        return new Enqueued(Status.REPLAY, before.receipts(), before.accepted());
    }

    TurnAnswer turn(Turn turn, BooleanSupplier gone) {
        return locked(() -> {
            long now = virtual.tick(turn.lease());
            parts.promote();
            return switch (lanes.judge(turn.call(), Kind.TURN)) {
                case UNKNOWN -> new TurnAnswer(Status.UNKNOWN, List.of(), List.of(), parts.state());
                case STALE -> new TurnAnswer(Status.STALE, List.of(), List.of(), parts.state());
                case REPEAT -> {
                    Taken before = (Taken) lanes.answer(turn.call(), Kind.TURN);
                    List<Lease> still = claims.again(turn, before.held, now);
                    yield new TurnAnswer(Status.REPLAY, before.settled, still, parts.state());
                }
                case NEW -> {
                    boolean skips = lanes.skips(turn.call(), Kind.TURN);
                    List<Settled> settled = endings.settle(turn);
                    List<Lease> taken = claims.claim(turn, now);
                    List<Held> held = taken.stream().map(Lease::held).toList();
                    lanes.record(turn.call(), Kind.TURN, new Taken(settled, held), gone, parts.now());
                    yield new TurnAnswer(Status.OK, settled, taken, parts.state(), skips);
                }
            };
        });
    }

    /** Adds what is lost to the lost, and what else shall be stopped to the cancelled. */
    void beat(String owner, Duration lease, List<Held> held, Set<Held> lost, Set<String> cancelled) {
        locked(() -> {
            long end = virtual.tick(lease) + lease.toMillis();
            claims.beat(owner, end, held, lost);
            for (Held one : held) {
                LocalTask task = parts.claimed.get(one.id());
                if (task != null && !lost.contains(one)) {
                    parts.cancels.of(task, parts.now()).ifPresent(cancelled::add);
                }
            }
            return held;
        });
    }

    List<Held> holdings(String owner) {
        return locked(() -> parts.claimed.values().stream()
                .filter(task -> task.owner.equals(owner) && task.fence != LocalTask.NO_FENCE)
                .map(task -> new Held(parts.name, task.id, task.fence))
                .toList());
    }

    Map<String, Duration> leases() {
        return locked(() -> parts.leases.left(virtual.now()));
    }

    List<TaskEvent> upkeep(Duration lease, int maxDeliveries) {
        return locked(() -> {
            long now = virtual.tick(lease);
            List<TaskEvent> events = new ArrayList<>(endings.reap(now, maxDeliveries));
            parts.promote()
                    .forEach(task -> events.add(new TaskEvent(TaskEvent.Kind.PROMOTED, parts.name, task.name(), "")));
            if (lanes.sweep(parts.now())) {
                parts.sweep();
            }
            return events;
        });
    }

    /** Reads or writes what belongs to this queue, in one step. */
    <T> T with(Function<QueueParts, T> step) {
        return locked(() -> step.apply(parts));
    }

    <T> T change(Function<Changes, T> step) {
        return locked(() -> step.apply(changes));
    }

    <T> T schedule(Function<Schedules, T> step) {
        return locked(() -> step.apply(schedules));
    }

    <T> T look(Function<QueueListing, T> step) {
        return locked(() -> step.apply(listing));
    }

    <T> T take(Function<Intake, T> step) {
        return locked(() -> step.apply(intake));
    }

    boolean isNewest(Held held) {
        return claims.isNewest(held);
    }

    String name() {
        return parts.name;
    }

    boolean isUsed() {
        return locked(parts::isUsed);
    }

    /** Whether there ever was a task, or somebody set something. */
    boolean isKnown() {
        return locked(() -> parts.isUsed() || !parts.limits.settings().equals(QueueSettings.defaults()));
    }

    boolean hasWork() {
        return locked(() -> {
            parts.promote();
            return parts.hasWork();
        });
    }

    QueueInfo info() {
        return locked(() -> new QueueInfo(
                parts.name,
                parts.ready.waiting(),
                parts.active(),
                parts.ready.retry(),
                parts.ready.quiet() + (parts.isOwn() ? parts.ready.delayed() : 0),
                parts.limits.settings().paused()));
    }

    /** Delayed tasks that lie beside the queue, where those of all shared queues lie. */
    long delayed() {
        return locked(() -> parts.isOwn() ? 0 : parts.ready.delayed());
    }

    void passLeaseTime(Duration time) {
        locked(() -> {
            virtual.pass(time);
            return time;
        });
    }

    /** The number of things remembered although no task waits or runs. */
    int remembered() {
        return locked(() -> lanes.size() + parts.remembered());
    }

    Lanes lanes() {
        return lanes;
    }

    <T> T locked(Supplier<T> step) {
        lock.lock();
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }

    /** What an enqueue did, to one queue or to several, for its repeats. */
    record EnqueueAnswers(List<Enqueued> each) {}

    /** What a turn did, for its repeats. */
    private record Taken(List<Settled> settled, List<Held> held) {}
}
