package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.QueueControl.Cancelled;
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
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
    private final LedgerWishes wishes = new LedgerWishes();
    final LedgerLimits limits = new LedgerLimits();
    final LedgerLocks locks = new LedgerLocks();
    private final long started = System.nanoTime();
    private long failed;
    private long passed;
    private long sent;

    /** A call is about to be sent. */
    void sending() {
        sent = latest();
    }

    void pass(Duration time) {
        passed += time.toNanos();
    }

    void enqueued(LedgerTask task) {
        tasks.put(task.number, task);
        open.computeIfAbsent(task.queue, q -> new LinkedHashSet<>()).add(task);
    }

    /** A turn was taken for the first time. */
    void taken(Turn turn, TurnAnswer answer) {
        heardOf.put(turn.owner(), passed);
        check(answer.settled().size() == turn.settlements().size(), "one code for each settlement");
        Set<String> inThisBatch = new HashSet<>();
        for (int i = 0; i < turn.settlements().size(); i++) {
            settle(turn.queue(), turn.settlements().get(i), answer.settled().get(i), inThisBatch);
        }
        claim(turn, answer.leases(), answer.state().ready() > 0);
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
                locks.free(task);
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

    private void end(LedgerTask task, Place how) {
        task.giveBack(how);
        task.wanted = false;
        failed += how == Place.FAILED ? 1 : 0;
        open.getOrDefault(task.queue, Set.of()).remove(task);
    }

    private void claim(Turn turn, List<Lease> leases, boolean more) {
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
            check(task.place != Place.LAST || turn.solo(), what + ": a last try is only for who asks alone");
            check(lease.fence() > before && lease.fence() < 1L << 53, what + ": fences grow, the last was " + before);
            check(lease.deliveries() == ++task.deliveries, what + ": deliveries");
            check(lease.attempt() == ++task.attempt, what + ": attempt");
            check(
                    task.deliveries < Worker.MOST_DELIVERIES || turn.solo() && leases.size() == 1,
                    what + ": the last delivery is alone");
            check(task.deliveries <= Worker.MOST_DELIVERIES, what + ": too many deliveries");
            identify(task, lease.id());
            Readable content = (Readable) lease.content();
            check(content.id().orElse("").equals(task.publicId), what + ": it has another id");
            check(content.key().orElse("").equals(task.key), what + ": it has another key");
            if (task.place == Place.WAITING) {
                Integer last = firstClaimed.put(queue + "/" + task.key, task.number);
                check(last == null || last < task.number, what + ": came after " + last);
            }
            reached("claim of " + task.place);
            task.lease(turn.owner(), lease.fence(), sent);
            limits.leased(task, all(queue));
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

    void cancelled(LedgerTask task, String id, Cancelled answer) {
        String what = task + " was cancelled: " + answer;
        reached("cancel of " + task.place + " was " + answer);
        if (task.ended()) {
            check(answer == Cancelled.UNKNOWN, what);
            wishes.asked(id);
        } else if (task.place == Place.LEASED) {
            check(answer == Cancelled.TOLD, what);
            wishes.wanted(task);
        } else {
            check(answer == Cancelled.REMOVED, what);
            end(task, Place.REMOVED);
            locks.gone(task, limits.of(task.queue).kind(), true);
        }
    }

    void givenBack(String queue, long count) {
        List<LedgerTask> back = in(queue, Place.REDO, Place.LAST, Place.REDO_OR_LAST, Place.RETRY);
        reached("give back of " + (back.isEmpty() ? "none" : "some"));
        // What the backend had put in the order of its keys goes back too, and loses its place in that.
        List<LedgerTask> ordered = limits.of(queue).kind() == Kind.OWN ? in(queue, Place.WAITING) : List.of();
        long most = back.size() + ordered.size() + count(queue, Place.GIVEN);
        check(count >= back.size() && count <= most, count + " were given back, expected " + back);
        ordered.forEach(task -> {
            task.place = Place.GIVEN;
            task.loose = true;
        });
        for (LedgerTask task : back) {
            // The wish names a lease that will never be again.
            task.wanted &= !task.publicId.isEmpty();
            task.forget();
        }
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
            int left = Worker.MOST_DELIVERIES - task.deliveries;
            check(event.kind() == kind(left), what + ": expected " + kind(left));
            if (left <= 0) {
                end(task, Place.FAILED);
                locks.gone(task, limits.of(task.queue).kind(), false);
            } else {
                task.place = left == 1 ? Place.LAST : Place.REDO;
                task.wasLast |= left == 1;
            }
        }
        limits.upkept();
        for (LedgerTask task : open.values().stream().flatMap(Set::stream).toList()) {
            boolean dead = passed - heardOf.getOrDefault(task.owner, passed) > Worker.LEASE.toNanos();
            check(task.place != Place.LEASED || !dead, task + " outlived its lease");
        }
    }

    private static TaskEvent.Kind kind(int left) {
        return left <= 0 ? TaskEvent.Kind.POISONED : left == 1 ? TaskEvent.Kind.LAST_TRY : TaskEvent.Kind.REDO;
    }

    private void state(String queue, QueueState state) {
        long ready = count(queue, Place.WAITING, Place.GIVEN, Place.REDO);
        limits.state(queue, state, ready, count(queue, Place.RETRY, Place.REDO_OR_LAST), all(queue));
        wishes.state(all(queue), state);
        long last = count(queue, Place.LAST);
        check(
                state.lastTries() >= last && state.lastTries() <= last + count(queue, Place.REDO_OR_LAST),
                queue + " has " + last + " last tries: " + state);
    }

    /** Every task is in exactly one state: what the broker counts is what the answers tell. */
    void inspected(Set<String> queues, List<QueueInfo> infos, Map<String, Long> totals) {
        for (String queue : queues) {
            QueueInfo info = infos.stream()
                    .filter(i -> i.queue().equals(queue))
                    .findFirst()
                    .orElse(new QueueInfo(queue, 0, 0, 0));
            check(info.active() == count(queue, Place.LEASED), info + " but leased are " + in(queue, Place.LEASED));
            EnumSet<Place> idle =
                    EnumSet.complementOf(EnumSet.of(Place.LEASED, Place.DONE, Place.FAILED, Place.REMOVED));
            Place[] places = idle.toArray(Place[]::new);
            check(info.waiting() + info.retry() == count(queue, places), info + " but idle are " + in(queue, places));
        }
        infos.forEach(info -> check(info.delayed() == 0, "nothing is delayed: " + info));
        check(totals.getOrDefault("delayed", 0L) == 0, "nothing is delayed: " + totals);
        check(totals.getOrDefault("failed", 0L) <= failed(), failed() + " have failed: " + totals);
    }

    /** Whether somebody could still settle it. */
    boolean alive(Held held) {
        LedgerTask task = byId.get(held.queue() + "/" + held.id());
        return task != null && task.settledBy(held.fence());
    }

    private void reached(String what) {
        reached.merge(what, 1, Integer::sum);
    }

    /** How often each kind of answer was met. */
    Map<String, Integer> reached() {
        return reached;
    }

    long failed() {
        return failed;
    }

    boolean allEnded() {
        return open.values().stream().allMatch(Set::isEmpty);
    }

    private long count(String queue, Place... places) {
        return in(queue, places).size();
    }

    private Set<LedgerTask> all(String queue) {
        return open.getOrDefault(queue, Set.of());
    }

    private List<LedgerTask> in(String queue, Place... places) {
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
