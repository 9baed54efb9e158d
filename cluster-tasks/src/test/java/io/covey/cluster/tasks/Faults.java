package io.covey.cluster.tasks;

import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.ScheduleStore;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.BeatAnswer;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskInspector;
import io.covey.cluster.spi.TaskNotes;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.WorkerRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What goes wrong between a node and the tasks of its backend, on demand. */
final class Faults {
    private final Random random;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong turns = new AtomicLong();
    private final AtomicLong settlements = new AtomicLong();
    private final AtomicInteger lossPercent = new AtomicInteger();
    private final AtomicInteger beats = new AtomicInteger();
    private final AtomicInteger watches = new AtomicInteger();
    private final AtomicInteger reconnects = new AtomicInteger();
    private volatile boolean giveNothing;
    private volatile boolean blocked;
    private final List<Consumer<Transport.LinkState>> hearing = new CopyOnWriteArrayList<>();
    private volatile boolean cut;
    private volatile boolean silent;
    private volatile boolean noBeats;
    private volatile String unserved = "";
    private volatile boolean losesWrites;
    private volatile boolean unsettling;
    private final Map<String, TaskBroker.QueueState> states = new ConcurrentHashMap<>();
    private volatile UnaryOperator<Call> lanes = UnaryOperator.identity();
    private volatile Predicate<Turn> forgotten = turn -> false;
    private final Set<String> forgottenLanes = ConcurrentHashMap.newKeySet();
    private volatile UnaryOperator<String> epochs = UnaryOperator.identity();
    private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
    private volatile Consumer<List<TaskBroker.NewTask>> before = tasks -> {};

    Faults(long seed) {
        this.random = new Random(seed);
    }

    /** That part of the answers is lost, after the call took effect or before it did. */
    void lose(int percent) {
        lossPercent.set(percent);
    }

    /** Nothing gets through. */
    void cut(boolean now) {
        cut = now;
    }

    /** The transport says that the backend answers again. */
    void sayUp() {
        hearing.forEach(listener -> listener.accept(new Transport.LinkState(true, "")));
    }

    /** Calls take effect and are never answered. */
    void silence(boolean now) {
        silent = now;
    }

    /** No settlement gets through. */
    void cutSettlements() {
        unsettling = true;
    }

    /** What is settled is acknowledged and comes to nothing, as by a master that is cut off and will be replaced. */
    void loseWrites(boolean now) {
        losesWrites = now;
    }

    /** A beat that names a task of this queue has no answer. */
    void withoutBeats(String queue) {
        unserved = queue;
    }

    void withoutBeats(boolean now) {
        noBeats = now;
    }

    /** Other lanes than the caller names. */
    void lanes(UnaryOperator<Call> other) {
        lanes = other;
    }

    /** The backend does not know the lane of such a turn, unless the turn is its first. */
    void forget(Predicate<Turn> which) {
        forgotten = which;
    }

    /** Other epochs than the backend's. */
    void epochs(UnaryOperator<String> other) {
        epochs = other;
    }

    /** Somebody wants these tasks to be stopped, by whatever id. */
    void cancel(String id) {
        cancelled.add(id);
    }

    /** Who claims gets nothing, though the queue says that it has something. */
    void giveNothing(boolean now) {
        giveNothing = now;
    }

    /** The thread that makes a turn is held up until it is interrupted. */
    void blockTurns() {
        blocked = true;
    }

    int watches() {
        return watches.get();
    }

    int reconnects() {
        return reconnects.get();
    }

    /** Called on the caller's thread before each enqueue; what it throws is the answer. */
    void beforeEnqueue(Consumer<List<TaskBroker.NewTask>> hook) {
        before = hook;
    }

    long calls() {
        return calls.get();
    }

    /** How many settlements were sent. */
    long settlements() {
        return settlements.get();
    }

    long turns() {
        return turns.get();
    }

    Transport on(Transport real) {
        return Transport.of(new Tasks(real), real);
    }

    private Call known(Turn turn) {
        Call call = turn.call();
        if (call.seq() > 1 && (forgottenLanes.contains(call.lane()) || forgotten.test(turn))) {
            forgottenLanes.add(call.lane());
            return new Call("gone-" + call.lane(), call.seq());
        }
        return call;
    }

    private TaskBroker.TurnAnswer acknowledge(Turn turn) {
        TaskBroker.QueueState before = states.get(turn.queue());
        return new TaskBroker.TurnAnswer(
                TaskBroker.Status.OK,
                Collections.nCopies(turn.settlements().size(), TaskBroker.Settled.DONE),
                List.of(),
                new TaskBroker.QueueState(0, 0, before.epoch()));
    }

    private <T> CompletionStage<T> through(Supplier<CompletionStage<T>> call) {
        calls.incrementAndGet();
        int dice;
        boolean late;
        synchronized (random) {
            dice = random.nextInt(100);
            late = random.nextBoolean();
        }
        if (cut || dice < lossPercent.get() && !late) {
            return CompletableFuture.failedFuture(new TransportException("cut"));
        }
        CompletionStage<T> answer = call.get();
        if (silent) {
            return new CompletableFuture<>();
        }
        return dice < lossPercent.get()
                ? CompletableFuture.failedFuture(new TransportException("answer lost"))
                : answer;
    }

    /** Beats are counted that name a task and are answered. */
    int beats() {
        return beats.get();
    }

    private BeatAnswer counted(List<TaskBroker.Held> held, BeatAnswer answer) {
        if (!held.isEmpty()) {
            beats.incrementAndGet();
        }
        return new BeatAnswer(answer.lost(), union(answer.cancelled()));
    }

    private Set<String> union(Set<String> more) {
        Set<String> all = new HashSet<>(cancelled);
        all.addAll(more);
        return all;
    }

    private final class Notes implements TaskNotes {
        private final TaskNotes notes;

        Notes(TaskNotes notes) {
            this.notes = notes;
        }

        @Override
        public CompletionStage<Boolean> put(TaskBroker.Held held, String id, String name, byte[] note, Duration keep) {
            return through(() -> notes.put(held, id, name, note, keep));
        }

        @Override
        public CompletionStage<Optional<byte[]>> get(String queue, String id, String name) {
            return through(() -> notes.get(queue, id, name));
        }
    }

    private final class Tasks implements Transport, TaskBroker {
        private final Transport real;
        private final TaskBroker broker;

        Tasks(Transport real) {
            this.real = real;
            this.broker = real.tasks().orElseThrow();
        }

        @Override
        public Optional<TaskBroker> tasks() {
            return Optional.of(this);
        }

        @Override
        public CompletionStage<TaskBroker.Enqueued> enqueue(String queue, Call call, List<NewTask> tasks) {
            before.accept(tasks);
            return through(() -> broker.enqueue(queue, lanes.apply(call), tasks));
        }

        @Override
        public CompletionStage<List<TurnAnswer>> turn(List<Turn> asked) {
            turns.incrementAndGet();
            asked.forEach(turn -> settlements.addAndGet(turn.settlements().size()));
            awaitInterrupt();
            if (unsettling
                    && asked.stream().anyMatch(turn -> !turn.settlements().isEmpty())) {
                return CompletableFuture.failedFuture(new TransportException("cut"));
            }
            if (losesWrites) {
                return CompletableFuture.completedFuture(
                        asked.stream().map(Faults.this::acknowledge).toList());
            }
            List<Turn> sent = asked.stream()
                    .map(turn -> new Turn(
                            turn.queue(),
                            known(turn),
                            turn.owner(),
                            turn.lease(),
                            turn.maxDeliveries(),
                            turn.settlements(),
                            giveNothing ? 0 : turn.limit(),
                            turn.solo()))
                    .toList();
            return through(() -> broker.turn(sent)
                    .thenApply(answers -> answers.stream()
                            .map(answer -> new TurnAnswer(
                                    answer.status(),
                                    answer.settled(),
                                    answer.leases(),
                                    new QueueState(
                                            answer.state().ready(),
                                            answer.state().lastTries(),
                                            epochs.apply(answer.state().epoch()),
                                            answer.state().pause(),
                                            answer.state().cancelling() || !cancelled.isEmpty()),
                                    answer.rolledBack()))
                            .toList())
                    .thenApply(answers -> {
                        for (int i = 0; i < sent.size(); i++) {
                            states.put(sent.get(i).queue(), answers.get(i).state());
                        }
                        return answers;
                    }));
        }

        @Override
        public CompletionStage<BeatAnswer> beat(String owner, Duration lease, List<Held> held) {
            return noBeats || held.stream().anyMatch(one -> one.queue().equals(unserved))
                    ? CompletableFuture.failedFuture(new TransportException("no beats"))
                    : through(() -> broker.beat(owner, lease, held).thenApply(answer -> counted(held, answer)));
        }

        private void awaitInterrupt() {
            if (blocked) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    blocked = false;
                    throw new TransportException("held up", e);
                }
            }
        }

        @Override
        public CompletionStage<Page<Held>> holdings(String owner, String queue, Optional<String> cursor) {
            return through(() -> broker.holdings(owner, queue, cursor));
        }

        @Override
        public CompletionStage<List<TaskEvent>> upkeep(Set<String> queues, Duration lease, int maxDeliveries) {
            return cut
                    ? CompletableFuture.failedFuture(new TransportException("cut"))
                    : broker.upkeep(queues, lease, maxDeliveries);
        }

        @Override
        public Registration watch(Set<String> queues, Consumer<String> hint) {
            watches.incrementAndGet();
            return broker.watch(queues, hint);
        }

        @Override
        public CompletionStage<List<TaskBroker.Enqueued>> enqueueAll(Call call, List<Batch> batches) {
            return through(() -> broker.enqueueAll(lanes.apply(call), batches));
        }

        @Override
        public void reconnect() {
            reconnects.incrementAndGet();
            broker.reconnect();
        }

        @Override
        public TaskInspector inspector() {
            return broker.inspector();
        }

        @Override
        public Optional<QueueControl> control() {
            return broker.control();
        }

        @Override
        public Optional<TaskNotes> notes() {
            return broker.notes().map(Notes::new);
        }

        @Override
        public Optional<ScheduleStore> schedules() {
            return broker.schedules();
        }

        @Override
        public Optional<WorkerRegistry> workers() {
            return broker.workers();
        }

        @Override
        public String description() {
            return real.description();
        }

        @Override
        public boolean inProcess() {
            return real.inProcess();
        }

        @Override
        public CompletionStage<Instant> time() {
            return real.time();
        }

        @Override
        public Registration onState(Consumer<Transport.LinkState> listener) {
            hearing.add(listener);
            Registration state = real.onState(listener);
            return () -> {
                hearing.remove(listener);
                state.close();
            };
        }

        @Override
        public void close() {
            // The real transport is another part of the mix.
        }
    }
}
