package io.covey.cluster.tck;

import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.BeatAnswer;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Random steps of several owners and producers against one broker: lost answers, late copies, old fences, crashes and
 * passing time included. A {@link Ledger} judges every answer.
 */
final class RandomSteps {
    private static final List<String> QUEUES = List.of("q1", "q2");
    private static final int WORKERS = 4;
    private static final int REMEMBERED = 40;

    private final TransportHarness harness;
    private final List<TaskBroker> brokers;
    private final long seed;
    private final Random random;
    private final Ledger ledger = new Ledger();
    private final Deque<String> trace = new ArrayDeque<>();
    private final List<Incarnation> workers = new ArrayList<>();
    private final List<Sent> turns = new ArrayList<>();
    private final Map<String, Long> newest = new HashMap<>();
    private final List<Held> everHeld = new ArrayList<>();
    private final Map<String, Posted> posted = new HashMap<>();
    private final List<Posted> olderPosts = new ArrayList<>();
    private final RandomTasks tasks;
    private final RandomChanges changes;
    private final boolean features;
    private int incarnations;

    /** A process, and what it believes to hold. */
    private record Incarnation(Worker worker, List<Lease> believes) {}

    private record Sent(Turn turn, TurnAnswer answer) {}

    private record Posted(String queue, Call call, List<NewTask> tasks, Enqueued answer) {}

    /** Without the optional parts of brokers. */
    static RandomSteps plain(TransportHarness harness, List<TaskBroker> brokers, long seed) {
        return new RandomSteps(harness, brokers, seed, false);
    }

    /** With a shared queue and one of our own, and all that their control can do. */
    static RandomSteps withFeatures(TransportHarness harness, List<TaskBroker> brokers, long seed) {
        RandomSteps steps = new RandomSteps(harness, brokers, seed, true);
        steps.changes.set(QUEUES.get(1), QueueSettings.defaults().withKind(Kind.OWN));
        return steps;
    }

    private RandomSteps(TransportHarness harness, List<TaskBroker> brokers, long seed, boolean features) {
        this.harness = harness;
        this.brokers = brokers;
        this.seed = seed;
        this.random = new Random(seed);
        this.features = features;
        this.tasks = new RandomTasks(random, ledger, features);
        this.changes = new RandomChanges(() -> broker().control().orElseThrow(), random, ledger, this::trace);
        for (int i = 0; i < WORKERS; i++) {
            workers.add(incarnation());
        }
    }

    /** So many steps, and then the end of every task; a failure names the seed and the last steps. */
    void run(int steps) {
        int step = 0;
        try {
            while (step < steps) {
                step++;
                step();
            }
            drain();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "-Dcovey.seed=" + seed + ", step " + step + ": " + e.getMessage() + "\n" + trace(), e);
        }
    }

    /** One step, judged. */
    private void step() {
        int dice = random.nextInt(features ? 116 : 100);
        if (dice >= 100) {
            change(dice - 100);
        } else if (dice < 17) {
            enqueue();
        } else if (dice < 21) {
            enqueueAgain();
        } else if (dice < 62) {
            turn(any(workers));
        } else if (dice < 72) {
            turnAgain();
        } else if (dice < 82) {
            beat(any(workers));
        } else if (dice < 87) {
            pass(Duration.ofSeconds(3 + random.nextInt(28)));
        } else if (dice < 88) {
            harness.elapse(Duration.ofMillis(20));
        } else if (dice < 97) {
            upkeep();
        } else {
            crash();
        }
        inspect();
    }

    private void change(int dice) {
        if (dice < 4) {
            changes.settings(any(QUEUES));
        } else if (dice < 9) {
            changes.cancel(tasks.made());
        } else if (dice < 10) {
            changes.giveBack(any(QUEUES));
        } else {
            changes.start(any(workers).believes);
        }
    }

    /** Everybody dies; one worker does what is left. Fails if something never comes. */
    private void drain() {
        if (features) {
            QUEUES.forEach(changes::lift);
        }
        for (int round = 0; round < 200 && !ledger.allEnded(); round++) {
            workers.clear();
            pass(Worker.LEASE.plusSeconds(1));
            harness.elapse(Duration.ofMillis(50));
            upkeep();
            Incarnation finisher = incarnation();
            workers.add(finisher);
            for (String queue : QUEUES) {
                boolean solo = finisher.believes.isEmpty() && round % 2 == 1;
                send(finisher, List.of(finisher.worker.next(queue, List.of(), TaskBroker.MOST, solo)));
            }
            for (String queue : QUEUES) {
                List<Settlement> done = new ArrayList<>();
                for (Lease lease : finisher.believes) {
                    if (lease.queue().equals(queue) && done.size() < TaskBroker.MOST) {
                        done.add(settlement(lease, new Outcome.Done()));
                    }
                }
                send(finisher, List.of(finisher.worker.next(queue, done, 0, false)));
            }
            inspect();
        }
        Ledger.check(ledger.allEnded(), "not all tasks came to an end");
        TransportContract.eventually().until(() -> {
            upkeep();
            return TransportContract.on(broker().inspector().totals()).getOrDefault("failed", 0L) == ledger.failed();
        });
    }

    /** The last steps, and how often each kind of answer was met. */
    private String trace() {
        return String.join("\n", trace) + "\nmet so far: " + ledger.reached();
    }

    private void enqueue() {
        String queue = any(QUEUES);
        String lane = "producer" + random.nextInt(2);
        Posted last = posted.get(queue + lane);
        List<NewTask> some = tasks.some(queue);
        Call call = new Call(lane, last == null ? 1 : last.call.seq() + 1);
        trace("enqueue " + queue + " " + call + " " + some.size() + " up to " + tasks.made());
        Enqueued answer = TransportContract.on(broker().enqueue(queue, call, some));
        trace("  -> " + answer.accepted());
        Ledger.check(answer.status() == Status.OK, "enqueue was " + answer);
        tasks.judged(queue, some, answer);
        if (last != null) {
            olderPosts.add(last);
        }
        posted.put(queue + lane, new Posted(queue, call, some, answer));
    }

    private void enqueueAgain() {
        boolean late = random.nextBoolean() && !olderPosts.isEmpty();
        if (!late && posted.isEmpty()) {
            return;
        }
        Posted post = late ? any(olderPosts) : any(List.copyOf(posted.values()));
        trace("enqueue " + (late ? "late copy " : "again ") + post.queue + " " + post.call);
        Enqueued answer = TransportContract.on(broker().enqueue(post.queue, post.call, post.tasks));
        Ledger.check(answer.status() == (late ? Status.STALE : Status.REPLAY), "was " + answer);
        Ledger.check(
                late
                        || answer.receipts().equals(post.answer.receipts())
                                && answer.accepted().equals(post.answer.accepted()),
                "the answer was " + post.answer + ", again it is " + answer);
    }

    private void turn(Incarnation who) {
        List<Turn> trip = new ArrayList<>();
        boolean solo = who.believes.isEmpty() && random.nextInt(4) > 0;
        for (String queue : random.nextInt(4) == 0 ? QUEUES : List.of(any(QUEUES))) {
            int limit = random.nextInt(8);
            trip.add(who.worker.next(queue, settlements(who, queue), limit, solo && trip.isEmpty()));
        }
        send(who, trip);
    }

    private List<Settlement> settlements(Incarnation who, String queue) {
        List<Settlement> settlements = new ArrayList<>();
        for (Lease lease : who.believes) {
            if (lease.queue().equals(queue) && random.nextInt(5) < 2) {
                settlements.add(settlement(lease, outcome(lease)));
            }
        }
        if (!settlements.isEmpty() && random.nextInt(10) == 0) {
            settlements.add(any(settlements));
        }
        if (!everHeld.isEmpty() && random.nextInt(8) == 0) {
            Held ghost = any(everHeld);
            if (ghost.queue().equals(queue) && workers.stream().noneMatch(w -> believes(w, ghost))) {
                settlements.add(new Settlement(ghost.id(), ghost.fence(), new Outcome.Done()));
            }
        }
        return settlements;
    }

    private Settlement settlement(Lease lease, Outcome outcome) {
        return new Settlement(lease.id(), lease.fence(), outcome, tasks.release(lease));
    }

    private static boolean believes(Incarnation who, Held held) {
        return who.believes.stream().anyMatch(lease -> lease.held().equals(held));
    }

    private Outcome outcome(Lease lease) {
        int dice = random.nextInt(20);
        if (dice < 9) {
            return new Outcome.Done();
        }
        if (dice < 15) {
            return new Outcome.Retry(Duration.ofMillis(random.nextInt(3) * 10L));
        }
        if (dice < 18) {
            return new Outcome.Release();
        }
        Failure failure = new Failure(lease.content(), "E", "m", List.of(), "w", Instant.EPOCH);
        return new Outcome.Fail(failure);
    }

    private void send(Incarnation who, List<Turn> trip) {
        trip.forEach(turn -> trace("turn " + describe(turn)));
        ledger.sending();
        List<TurnAnswer> answers = TransportContract.on(broker().turn(trip));
        for (int i = 0; i < trip.size(); i++) {
            Turn turn = trip.get(i);
            TurnAnswer answer = answers.get(i);
            trace("  -> " + describe(answer));
            Ledger.check(answer.status() == Status.OK, "turn was " + answer.status());
            ledger.taken(turn, answer);
            Set<String> settled = new HashSet<>();
            turn.settlements().forEach(settlement -> settled.add(settlement.id() + settlement.fence()));
            who.believes.removeIf(
                    lease -> lease.queue().equals(turn.queue()) && settled.contains(lease.id() + lease.fence()));
            who.believes.addAll(answer.leases());
            answer.leases().forEach(lease -> everHeld.add(lease.held()));
            turns.add(new Sent(turn, answer));
            newest.put(turn.queue() + turn.call().lane(), turn.call().seq());
        }
    }

    /** The last turn of a lane once more, or a late copy of an earlier one; its owner may have crashed since. */
    private void turnAgain() {
        if (turns.isEmpty()) {
            return;
        }
        Sent sent = turns.get(Math.max(0, turns.size() - 1 - random.nextInt(random.nextBoolean() ? 2 : REMEMBERED)));
        Turn turn = sent.turn;
        boolean late =
                newest.get(turn.queue() + turn.call().lane()) > turn.call().seq();
        trace((late ? "late copy of " : "again ") + describe(turn));
        ledger.sending();
        TurnAnswer answer = TransportContract.on(broker().turn(List.of(turn))).get(0);
        trace("  -> " + describe(answer));
        Ledger.check(answer.status() == (late ? Status.STALE : Status.REPLAY), "was " + answer.status());
        if (late) {
            Ledger.check(answer.leases().isEmpty() && answer.settled().isEmpty(), "a late copy had an effect");
        } else {
            ledger.repeated(turn, sent.answer, answer);
        }
    }

    private void beat(Incarnation who) {
        List<Held> held = new ArrayList<>(who.believes.stream().map(Lease::held).toList());
        if (!everHeld.isEmpty() && random.nextInt(5) == 0) {
            Held ghost = any(everHeld);
            if (!held.contains(ghost) && workers.stream().noneMatch(w -> believes(w, ghost)) && !ledger.alive(ghost)) {
                held.add(ghost);
            }
        }
        trace("beat " + who.worker.owner + " " + held);
        ledger.sending();
        BeatAnswer answer = TransportContract.on(broker().beat(who.worker.owner, Worker.LEASE, held));
        Set<Held> lost = answer.lost();
        trace("  -> " + answer);
        ledger.beaten(who.worker.owner, held, lost);
        ledger.told(held, lost, answer.cancelled());
        who.believes.removeIf(lease -> lost.contains(lease.held()));
    }

    private void pass(Duration time) {
        trace("pass " + time);
        harness.pass(time, QUEUES.toArray(String[]::new));
        ledger.pass(time);
    }

    private void upkeep() {
        var events = TransportContract.on(broker().upkeep(Set.copyOf(QUEUES), Worker.LEASE, Worker.MOST_DELIVERIES));
        trace("upkeep -> " + events);
        ledger.upkept(events);
    }

    private void crash() {
        int which = random.nextInt(workers.size());
        trace("crash of " + workers.get(which).worker.owner);
        workers.set(which, incarnation());
    }

    private void inspect() {
        ledger.inspected(
                Set.copyOf(QUEUES),
                TransportContract.on(broker().inspector().queues()),
                TransportContract.on(broker().inspector().totals()));
    }

    private Incarnation incarnation() {
        return new Incarnation(new Worker(broker(), "w" + (++incarnations)), new ArrayList<>());
    }

    private TaskBroker broker() {
        return any(brokers);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private void trace(String line) {
        trace.addLast(line);
        if (trace.size() > REMEMBERED) {
            trace.removeFirst();
        }
    }

    private static String describe(Turn turn) {
        return turn.queue() + " " + turn.owner() + " seq " + turn.call().seq() + " limit " + turn.limit()
                + (turn.solo() ? " solo " : " ")
                + turn.settlements().stream()
                        .map(s -> s.id() + "@" + s.fence() + " "
                                + s.outcome().getClass().getSimpleName())
                        .toList();
    }

    private static String describe(TurnAnswer answer) {
        List<Settled> settled = answer.settled();
        return answer.status() + " " + settled + " "
                + answer.leases().stream()
                        .map(l -> l.id() + "@" + l.fence() + " d" + l.deliveries() + " a" + l.attempt())
                        .toList()
                + " " + answer.state();
    }
}
