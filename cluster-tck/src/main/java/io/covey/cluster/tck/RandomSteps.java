package io.covey.cluster.tck;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.BeatAnswer;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Held;
import io.covey.cluster.spi.TaskBroker.Lease;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Random steps of several owners and producers against one broker: lost answers, late copies, old fences, crashes and
 * passing time included. A {@link Ledger} judges every answer.
 */
final class RandomSteps {
    private static final List<String> QUEUES = RandomScene.QUEUES;
    private static final int WORKERS = 4;
    private static final int REMEMBERED = 40;
    private static final int LOOKS = 10;

    private final RandomScene scene;
    private final Random random;
    private final Ledger ledger;
    private final List<Incarnation> workers = new ArrayList<>();
    private final List<Sent> turns = new ArrayList<>();
    private final Map<String, Long> newest = new HashMap<>();
    private final List<Held> everHeld = new ArrayList<>();
    private final RandomTasks tasks;
    private final RandomPosts posts;
    private final RandomChanges changes;
    private final RandomFailures failures;
    private final RandomNotes notes;
    private final RandomSchedules schedules;
    private final RandomRuns runs;
    private final boolean features;
    private int incarnations;

    /** A process, and what it believes to hold. */
    private record Incarnation(Worker worker, List<Lease> believes) {}

    private record Sent(Turn turn, TurnAnswer answer) {}

    /** Without the optional parts of brokers. */
    static RandomSteps plain(RandomScene scene) {
        return new RandomSteps(scene, false);
    }

    /** With a shared queue and one of our own, and all that can be done with them. */
    static RandomSteps withFeatures(RandomScene scene) {
        RandomSteps steps = new RandomSteps(scene, true);
        scene.ledger.keepsAttempts();
        steps.changes.set(QUEUES.get(1), QueueSettings.defaults().withKind(Kind.OWN));
        // The name of a queue is known from the first task of ours on.
        steps.posts.to(QUEUES.get(0));
        return steps;
    }

    private RandomSteps(RandomScene scene, boolean features) {
        this.scene = scene;
        this.random = scene.random;
        this.ledger = scene.ledger;
        this.features = features;
        this.tasks = new RandomTasks(scene, features);
        this.posts = new RandomPosts(scene, tasks);
        this.changes = new RandomChanges(scene);
        this.failures = new RandomFailures(scene);
        this.notes = new RandomNotes(scene);
        this.schedules = new RandomSchedules(scene, tasks);
        this.runs = new RandomRuns(scene);
        for (int i = 0; i < WORKERS; i++) {
            workers.add(incarnation());
        }
    }

    /** So many steps, and then the end of every task; a failure names the seed and the last steps. */
    void run(int steps) {
        int step = 0;
        Set<String> hinted = ConcurrentHashMap.newKeySet();
        Registration watching = scene.broker().watch(Set.copyOf(QUEUES), hinted::add);
        try {
            while (step < steps) {
                step++;
                step();
            }
            drain();
            TransportContract.eventually().until(() -> !hinted.isEmpty());
            Ledger.check(QUEUES.containsAll(hinted), "hints came of " + hinted);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "-Dcovey.seed=" + scene.seed + ", step " + step + ": " + e.getMessage() + "\n" + scene.trace()
                            + "\nmet so far: " + ledger.reached(),
                    e);
        } finally {
            watching.close();
        }
    }

    /** One step, judged. */
    private void step() {
        int dice = random.nextInt(features ? 138 : 100);
        if (dice >= 100) {
            change(dice - 100);
        } else if (dice < 17) {
            posts.one();
        } else if (dice < 21) {
            posts.again();
        } else if (dice < 62) {
            turn(any(workers));
        } else if (dice < 72) {
            turnAgain();
        } else if (dice < 82) {
            beat(any(workers));
        } else if (dice < 87) {
            pass(Duration.ofSeconds(3 + random.nextInt(28)));
        } else if (dice < 88) {
            scene.harness.elapse(Duration.ofMillis(20));
        } else if (dice < 97) {
            upkeep();
        } else {
            crash();
        }
        inspect();
    }

    private void change(int dice) {
        switch (dice) {
            case 0, 1, 2, 3 -> changes.settings(any(QUEUES));
            case 4, 5, 6, 7 -> changes.cancel(tasks.made());
            case 8 -> changes.giveBack(any(QUEUES));
            case 9, 10, 11 -> changes.start(any(workers).believes);
            case 12, 13 -> changes.remove(tasks.made());
            case 14 -> changes.removeType(any(QUEUES));
            case 15, 16 -> changes.removeDelayed(tasks.made());
            case 17, 18, 19 -> posts.together();
            case 20, 21, 22 -> posts.foreign(changes.judge());
            case 23, 24 -> failures.change();
            case 25, 26, 27 -> note();
            case 28 -> notes.holdings(any(workers).worker.owner, any(QUEUES));
            case 30, 31, 32, 33, 34 -> schedules.some();
            case 35, 36, 37 -> runs.step();
            default -> scene.harness.elapse(Duration.ofMillis(random.nextInt(60)));
        }
    }

    private void note() {
        if (!everHeld.isEmpty()) {
            int recent = Math.min(everHeld.size(), REMEMBERED);
            notes.put(everHeld.get(everHeld.size() - 1 - random.nextInt(recent)));
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
            scene.harness.elapse(Duration.ofMillis(50));
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
            return TransportContract.on(scene.broker().inspector().totals()).getOrDefault("failed", 0L)
                    == ledger.failed();
        });
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
        LedgerTask task = ledger.of(lease);
        if (features && dice < 2 && task != null && !task.publicId.equals(LedgerTask.ANOTHER)) {
            return notes.done(task);
        }
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
        trip.forEach(turn -> scene.trace("turn " + describe(turn)));
        ledger.sending();
        List<TurnAnswer> answers = TransportContract.on(scene.broker().turn(trip));
        Instant now = scene.now();
        for (int i = 0; i < trip.size(); i++) {
            Turn turn = trip.get(i);
            TurnAnswer answer = answers.get(i);
            scene.trace("  -> " + describe(answer));
            Ledger.check(answer.status() == Status.OK, "turn was " + answer.status());
            ledger.taken(turn, answer, now);
            readResults(turn, answer);
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

    private void readResults(Turn turn, TurnAnswer answer) {
        for (int i = 0; i < turn.settlements().size(); i++) {
            Settlement settlement = turn.settlements().get(i);
            LedgerTask task = ledger.byId(new Held(turn.queue(), settlement.id(), settlement.fence()));
            if (task != null
                    && answer.settled().get(i) == Settled.DONE
                    && settlement.outcome() instanceof Outcome.Done done
                    && done.result().isPresent()) {
                notes.ended(task);
            }
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
        scene.trace((late ? "late copy of " : "again ") + describe(turn));
        ledger.sending();
        TurnAnswer answer =
                TransportContract.on(scene.broker().turn(List.of(turn))).get(0);
        scene.trace("  -> " + describe(answer));
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
        scene.trace("beat " + who.worker.owner + " " + held);
        ledger.sending();
        BeatAnswer answer = TransportContract.on(scene.broker().beat(who.worker.owner, Worker.LEASE, held));
        Set<Held> lost = answer.lost();
        scene.trace("  -> " + answer);
        ledger.beaten(who.worker.owner, held, lost);
        ledger.told(held, lost, answer.cancelled());
        who.believes.removeIf(lease -> lost.contains(lease.held()));
    }

    private void pass(Duration time) {
        scene.trace("pass " + time);
        scene.harness.pass(time, QUEUES.toArray(String[]::new));
        ledger.pass(time);
    }

    private void upkeep() {
        var events =
                TransportContract.on(scene.broker().upkeep(Set.copyOf(QUEUES), Worker.LEASE, Worker.MOST_DELIVERIES));
        scene.trace("upkeep -> " + events);
        boolean repeated = scene.repeated();
        ledger.upkept(events);
        if (repeated) {
            Set<Integer> idle = new HashSet<>();
            QUEUES.forEach(queue -> idle.addAll(scene.idle(queue)));
            ledger.unheard(idle, failures.numbers());
        }
        ledger.noneOutlivedItsLease();
    }

    private void crash() {
        int which = random.nextInt(workers.size());
        scene.trace("crash of " + workers.get(which).worker.owner);
        workers.set(which, incarnation());
    }

    private void inspect() {
        ledger.inspected(
                Set.copyOf(QUEUES),
                TransportContract.on(scene.broker().inspector().queues()),
                TransportContract.on(scene.broker().inspector().totals()));
        if (features && random.nextInt(LOOKS) == 0) {
            String queue = any(QUEUES);
            ledger.listed(queue, scene.idle(queue));
        }
    }

    private Incarnation incarnation() {
        return new Incarnation(new Worker(scene.broker(), "w" + (++incarnations)), new ArrayList<>());
    }

    private <T> T any(List<T> list) {
        return scene.any(list);
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
