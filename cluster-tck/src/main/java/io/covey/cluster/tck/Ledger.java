package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.EarlierAttempt;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker.Content.Readable;
import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.QueueState;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.TaskEvent;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.tck.LedgerTask.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keeps account of every task from the answers of a broker, and refuses an answer that breaks a promise. */
final class Ledger {
    private final Map<Integer, LedgerTask> tasks = new HashMap<>();
    private final Map<String, Set<LedgerTask>> open = new HashMap<>();
    private final Map<String, LedgerTask> byId = new HashMap<>();
    private final Map<String, Long> greatestFence = new HashMap<>();
    private final Map<String, Integer> firstClaimed = new HashMap<>();
    private final Map<String, Long> heardOf = new HashMap<>();
    private final Map<String, Integer> reached = new TreeMap<>();
    final LedgerWishes wishes = new LedgerWishes();
    final LedgerLimits limits = new LedgerLimits();
    final LedgerLocks locks = new LedgerLocks();
    final LedgerRates rates = new LedgerRates();
    private final long started = System.nanoTime();
    private boolean keepsAttempts;
    private long failed;
    private long passed;
    private long sent;

    /** Leases tell of the attempts before. */
    void keepsAttempts() {
        keepsAttempts = true;
    }

    /** A call is about to be sent. */
    void sending() {
        sent = latest();
    }

    void pass(Duration time) {
        passed += time.toNanos();
    }

    void enqueued(LedgerTask task) {
        tasks.put(task.number, task);
        reopened(task);
    }

    /** One that was over is not any more. */
    void reopened(LedgerTask task) {
        open.computeIfAbsent(task.queue, q -> new LinkedHashSet<>()).add(task);
    }

    /** A turn was taken for the first time, its answer is here now. */
    void taken(Turn turn, TurnAnswer answer, Instant now) {
        heardOf.put(turn.owner(), passed);
        check(answer.settled().size() == turn.settlements().size(), "one code for each settlement");
        Set<String> inThisBatch = new HashSet<>();
        for (int i = 0; i < turn.settlements().size(); i++) {
            settle(turn.queue(), turn.settlements().get(i), answer.settled().get(i), inThisBatch);
        }
        claim(turn, answer.leases(), answer.state().ready() > 0, now);
        state(turn.queue(), answer.state());
    }

    private void settle(String queue, Settlement settlement, Settled code, Set<String> inThisBatch) {
        LedgerTask task = byId.get(queue + "/" + settlement.id());
        String what = settlement + " of " + task + " was " + code;
        String tryOf =
                task == null ? "nothing" : task.deliveries < Worker.MOST_DELIVERIES ? "" + task.place : "last try";
        reached(settlement.outcome().getClass().getSimpleName() + " of " + tryOf + " was " + code);
        if (task == null || !inThisBatch.add(settlement.id())) {
            check(code == Settled.UNKNOWN, what);
        } else if (task.settledBy(settlement.fence())) {
            check(code == Settled.DONE, what);
            settled(task, settlement.outcome());
            if (task.ended() && settlement.release().isPresent()) {
                locks.free(task, limits.of(queue).kind());
            }
        } else if (task.place == Place.DONE) {
            check(code == Settled.UNKNOWN, what);
        } else if (!settlement.id().equals(task.id)) {
            check(code != Settled.DONE, what);
        } else if (task.ended() || task.fence == 0) {
            check(code != Settled.DONE, what);
        } else {
            check(code == Settled.FENCED, what);
        }
    }

    private void settled(LedgerTask task, Outcome outcome) {
        if (outcome instanceof Outcome.Done) {
            end(task, Place.DONE);
        } else if (outcome instanceof Outcome.Fail) {
            end(task, Place.FAILED);
        } else if (outcome instanceof Outcome.Retry) {
            task.giveBack(Place.RETRY);
            task.deliveries = 0;
            task.wasLast = false;
        } else {
            boolean last = task.deliveries >= Worker.MOST_DELIVERIES;
            task.giveBack(last ? Place.LAST : task.wasLast ? Place.REDO_OR_LAST : Place.REDO);
            task.deliveries--;
            task.attempt--;
        }
    }

    void end(LedgerTask task, Place how) {
        task.giveBack(how);
        task.wanted = false;
        failed += how == Place.FAILED ? 1 : 0;
        open.getOrDefault(task.queue, Set.of()).remove(task);
    }

    private void claim(Turn turn, List<Lease> leases, boolean more, Instant now) {
        String queue = turn.queue();
        check(leases.size() <= turn.limit(), "more leases than asked for");
        long before = greatestFence.getOrDefault(queue, 0L);
        List<LedgerTask> wait = turn.solo()
                ? in(queue, Place.WAITING, Place.GIVEN, Place.REDO, Place.LAST)
                : in(queue, Place.WAITING, Place.GIVEN, Place.REDO);
        check(
                turn.limit() == 0 || !leases.isEmpty() || !limits.mustStart(queue, wait, all(queue), more),
                "nothing was handed out of " + queue);
        if (turn.solo() && turn.limit() > 0 && count(queue, Place.LAST) > 0 && !limits.isLimited(queue)) {
            check(leases.size() == 1, "a last try is handed out alone");
        }
        check(leases.isEmpty() || !limits.of(queue).paused(), "the queue is paused");
        if (turn.limit() > 0 && leases.isEmpty()) {
            reached("empty claim");
        }
        for (Lease lease : leases) {
            LedgerTask task = tasks.get(number(lease));
            check(
                    task != null && task.queue.equals(queue) && lease.queue().equals(queue),
                    lease + " is of no such task");
            String what = lease + " of " + task;
            check(task.place != Place.LEASED && !task.ended(), what + ": it cannot be handed out");
            check(task.place != Place.DELAYED || !task.due.isAfter(now), what + ": at " + now + " it is early");
            check(task.place != Place.LAST || turn.solo(), what + ": a last try is only for who asks alone");
            check(lease.fence() > before && lease.fence() < 1L << 53, what + ": fences grow, the last was " + before);
            check(lease.deliveries() == ++task.deliveries, what + ": deliveries");
            check(lease.attempt() == ++task.attempt, what + ": attempt");
            check(
                    !keepsAttempts || lease.earlier().size() == Math.min(EarlierAttempt.MOST, task.attempt - 1),
                    what + ": attempts before this one");
            check(
                    task.deliveries < Worker.MOST_DELIVERIES || turn.solo() && leases.size() == 1,
                    what + ": the last delivery is alone");
            check(task.deliveries <= Worker.MOST_DELIVERIES, what + ": too many deliveries");
            identify(task, lease.id());
            Readable content = (Readable) lease.content();
            check(content.type().equals(task.type), what + ": it has another type");
            if (task.publicId.equals(LedgerTask.ANOTHER)) {
                task.publicId = content.id().orElse("");
            }
            check(content.id().orElse("").equals(task.publicId), what + ": it has another id");
            check(content.key().orElse("").equals(task.key), what + ": it has another key");
            if (task.place == Place.WAITING) {
                Integer last = firstClaimed.put(queue + "/" + task.key, task.number);
                check(last == null || last < task.number, what + ": came after " + last);
            }
            reached("claim of " + task.place);
            task.lease(turn.owner(), lease.fence(), sent);
            limits.leased(task, all(queue));
            rates.started(task, now);
            greatestFence.merge(queue, lease.fence(), Math::max);
        }
    }

    private void identify(LedgerTask task, String id) {
        LedgerTask known = byId.putIfAbsent(task.queue + "/" + id, task);
        check(known == null || known == task, "the id " + id + " is of two tasks, " + known + " and " + task);
        check(task.id == null || task.id.equals(id), task + " has another id now, " + id);
        task.id = id;
    }

    /** A turn was answered once more. */
    void repeated(Turn turn, TurnAnswer first, TurnAnswer again) {
        heardOf.put(turn.owner(), passed);
        check(again.settled().equals(first.settled()), "a replay has other codes: " + again.settled());
        Map<Held, Lease> handed = new HashMap<>();
        again.leases().forEach(lease -> handed.put(lease.held(), lease));
        for (Lease lease : first.leases()) {
            LedgerTask task = tasks.get(number(lease));
            boolean still = task.settledBy(lease.fence()) && task.owner.equals(turn.owner());
            Lease replayed = handed.remove(lease.held());
            reached("replay of " + task.place + " " + (replayed != null));
            if (replayed == null) {
                check(!still || task.place != Place.LEASED, "a replay lacks " + task);
            } else {
                check(still, "a replay has " + task + " although it is not the owner's");
                check(number(replayed) == task.number, replayed + " has other content");
                check(replayed.deliveries() == lease.deliveries() && replayed.attempt() == lease.attempt(), "counts");
                check(replayed.earlier().equals(lease.earlier()), "attempts before");
                leasedAgain(task, turn.owner(), lease.fence());
            }
        }
        check(handed.isEmpty(), "a replay has leases that the answer had not: " + handed);
    }

    void beaten(String owner, List<Held> held, Set<Held> lost) {
        heardOf.put(owner, passed);
        check(held.containsAll(lost), "lost what was not held: " + lost);
        for (Held one : held) {
            LedgerTask task = byId.get(one.queue() + "/" + one.id());
            boolean mine = task != null && task.settledBy(one.fence());
            check(mine || lost.contains(one), task + " was beaten for: lost is " + lost);
            reached("beat of " + (mine ? task.place : "lost") + (lost.contains(one) ? " lost" : ""));
            if (mine && !lost.contains(one)) {
                leasedAgain(task, task.owner, one.fence());
            }
        }
        for (Held one : lost) {
            LedgerTask task = byId.get(one.queue() + "/" + one.id());
            check(
                    task == null
                            || !task.settledBy(one.fence())
                            || task.place != Place.LEASED && !limits.hasPlace(task, all(task.queue)),
                    task + " was lost although there was a place for it");
        }
    }

    private void leasedAgain(LedgerTask task, String owner, long fence) {
        boolean again = task.place != Place.LEASED;
        task.lease(owner, fence, sent);
        if (again) {
            limits.leased(task, all(task.queue));
        }
    }

    /** What a beat said of those to be stopped. */
    void told(List<Held> held, Set<Held> lost, Set<String> cancelled) {
        for (Held one : held) {
            LedgerTask task = byId.get(one.queue() + "/" + one.id());
            if (task != null && !lost.contains(one)) {
                wishes.held(task, cancelled);
            }
        }
        wishes.told(cancelled);
    }

    @Nullable
    LedgerTask of(Lease lease) {
        return tasks.get(number(lease));
    }

    @Nullable
    LedgerTask numbered(int number) {
        return tasks.get(number);
    }

    void upkept(List<TaskEvent> events) {
        for (TaskEvent event : events) {
            if (event.kind() == TaskEvent.Kind.PROMOTED) {
                continue;
            }
            LedgerTask task = byId.get(event.queue() + "/" + event.task());
            check(task != null, event + " is of no task");
            String what = event + " of " + task;
            check(task.place == Place.LEASED && task.owner.equals(event.owner()), what + ": it is not leased so");
            check(latest() - task.renewed >= Worker.LEASE.toNanos(), what + ": its lease runs");
            reached("upkeep " + event.kind());
            TaskEvent.Kind expected = kind(task);
            check(event.kind() == expected, what + ": expected " + expected);
            reaped(task);
        }
        limits.upkept();
    }

    /** Of an upkeep that was sent again some events were never heard: of what it has found to have moved. */
    void unheard(Set<Integer> idle, Set<Integer> failures) {
        for (LedgerTask task : everyOpen()) {
            boolean over = task.place == Place.LEASED && latest() - task.renewed >= Worker.LEASE.toNanos();
            boolean poison = kind(task) == TaskEvent.Kind.POISONED;
            if (over && (poison ? failures : idle).contains(task.number)) {
                reached("upkeep unheard");
                reaped(task);
            }
        }
    }

    /** No owner that was silent for too long has anything after an upkeep. */
    void noneOutlivedItsLease() {
        for (LedgerTask task : everyOpen()) {
            boolean dead = passed - heardOf.getOrDefault(task.owner, passed) > Worker.LEASE.toNanos();
            check(task.place != Place.LEASED || !dead, task + " outlived its lease");
        }
    }

    private List<LedgerTask> everyOpen() {
        return open.values().stream().flatMap(Set::stream).toList();
    }

    private void reaped(LedgerTask task) {
        TaskEvent.Kind kind = kind(task);
        if (kind == TaskEvent.Kind.POISONED) {
            end(task, Place.FAILED);
            locks.gone(task, limits.of(task.queue).kind(), false);
        } else {
            task.place = kind == TaskEvent.Kind.LAST_TRY ? Place.LAST : Place.REDO;
            task.wasLast |= kind == TaskEvent.Kind.LAST_TRY;
        }
    }

    private static TaskEvent.Kind kind(LedgerTask task) {
        int left = Worker.MOST_DELIVERIES - task.deliveries;
        return left <= 0 ? TaskEvent.Kind.POISONED : left == 1 ? TaskEvent.Kind.LAST_TRY : TaskEvent.Kind.REDO;
    }

    private void state(String queue, QueueState state) {
        long ready = count(queue, Place.WAITING, Place.GIVEN, Place.REDO);
        long perhaps = count(queue, Place.RETRY, Place.REDO_OR_LAST, Place.DELAYED);
        limits.state(queue, state, ready, perhaps, all(queue));
        wishes.state(all(queue), state);
        long last = count(queue, Place.LAST);
        check(
                state.lastTries() >= last && state.lastTries() <= last + count(queue, Place.REDO_OR_LAST),
                queue + " has " + last + " last tries: " + state);
    }

    /** Every task is in exactly one state: what the broker counts is what the answers tell. */
    void inspected(Set<String> queues, List<QueueInfo> infos, Map<String, Long> totals) {
        long delayed = totals.getOrDefault("delayed", 0L);
        long idle = 0;
        for (String queue : queues) {
            QueueInfo info = infos.stream()
                    .filter(i -> i.queue().equals(queue))
                    .findFirst()
                    .orElse(new QueueInfo(queue, 0, 0, 0));
            check(info.active() == count(queue, Place.LEASED), info + " but there are " + all(queue));
            long counted = info.waiting() + info.retry();
            List<LedgerTask> mine = idle(queue);
            long late = count(queue, Place.DELAYED);
            check(counted >= mine.size() - late && counted <= mine.size(), info + " but idle are " + mine);
            if (limits.of(queue).kind() == Kind.OWN) {
                check(counted + info.delayed() == mine.size(), info + " but idle are " + mine);
            }
            delayed += counted + info.delayed();
            idle += mine.size();
        }
        check(delayed == idle, infos + " and " + totals + " but there are " + idle);
        check(totals.getOrDefault("failed", 0L) <= failed(), failed() + " have failed: " + totals);
    }

    /** Every task is listed exactly once where nobody runs it. */
    void listed(String queue, Set<Integer> numbers) {
        Set<Integer> mine = idle(queue).stream().map(task -> task.number).collect(Collectors.toSet());
        check(mine.equals(numbers), queue + " should have " + mine + " but lists " + numbers);
    }

    private List<LedgerTask> idle(String queue) {
        return all(queue).stream().filter(task -> task.place != Place.LEASED).toList();
    }

    /** Whether somebody could still settle it. */
    boolean alive(Held held) {
        LedgerTask task = byId(held);
        return task != null && task.settledBy(held.fence());
    }

    void reached(String what) {
        reached.merge(what, 1, Integer::sum);
    }

    /** How often each kind of answer was met. */
    Map<String, Integer> reached() {
        return reached;
    }

    long failed() {
        return failed;
    }

    /** So many of the failed ones are no longer among them. */
    void failedNoMore() {
        failed--;
    }

    @Nullable
    LedgerTask byId(Held held) {
        return byId.get(held.queue() + "/" + held.id());
    }

    boolean allEnded() {
        return open.values().stream().allMatch(Set::isEmpty);
    }

    long count(String queue, Place... places) {
        return in(queue, places).size();
    }

    Set<LedgerTask> all(String queue) {
        return open.getOrDefault(queue, Set.of());
    }

    List<LedgerTask> in(String queue, Place... places) {
        List<Place> wanted = Arrays.asList(places);
        return all(queue).stream().filter(task -> wanted.contains(task.place)).toList();
    }

    /** The greatest virtual time that it can be. */
    private long latest() {
        return passed + System.nanoTime() - started;
    }

    private static int number(Lease lease) {
        return number(((Readable) lease.content()).args());
    }

    static int number(byte[] json) {
        String args = new String(json, UTF_8);
        return Integer.parseInt(args.substring(1, args.length() - 1));
    }

    static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
