package io.covey.cluster.tck;

import io.covey.cluster.RefusedException;
import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.ScheduleStore;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskInspector;
import io.covey.cluster.spi.TaskNotes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a caller does on a line that breaks: it sends the same again until it has an answer, and takes a replay for the answer
 * that it never had. It breaks the line itself, at random.
 */
final class PatientBroker implements TaskBroker {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(40);
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

    /** Of so many calls some meet a fault; what only looks meets fewer. */
    private static final int CHANGE = 240;

    private static final int READ = 4000;

    private final TaskBroker broken;
    private final OutageHarness line;
    private final Random random;
    private final Set<String> answered = new HashSet<>();
    private int repeats;
    private boolean repeated;
    private boolean lossy;

    PatientBroker(TaskBroker broken, OutageHarness line, Random random) {
        this.broken = broken;
        this.line = line;
        this.random = random;
    }

    /** How often a call had to be sent again. */
    int repeats() {
        return repeats;
    }

    /** Whether the last call was sent again: then it may have happened before, and its answer be that of a second. */
    boolean repeated() {
        return repeated;
    }

    @Override
    public CompletionStage<Enqueued> enqueue(String queue, Call call, List<NewTask> tasks) {
        Enqueued answer = patiently(() -> broken.enqueue(queue, call, tasks));
        Status status = first(queue, "e", call, answer.status());
        return CompletableFuture.completedStage(new Enqueued(status, answer.receipts(), answer.accepted()));
    }

    @Override
    public CompletionStage<List<TurnAnswer>> turn(List<Turn> turns) {
        List<TurnAnswer> answers = patiently(() -> broken.turn(turns));
        List<TurnAnswer> taken = new ArrayList<>();
        for (int i = 0; i < turns.size(); i++) {
            TurnAnswer answer = answers.get(i);
            Status status = first(turns.get(i).queue(), "t", turns.get(i).call(), answer.status());
            taken.add(new TurnAnswer(status, answer.settled(), answer.leases(), answer.state(), answer.rolledBack()));
        }
        return CompletableFuture.completedStage(taken);
    }

    private Status first(String queue, String kind, Call call, Status status) {
        boolean first = answered.add(queue + "/" + kind + "/" + call.lane() + "/" + call.seq());
        return first && status == Status.REPLAY ? Status.OK : status;
    }

    @Override
    public CompletionStage<BeatAnswer> beat(String owner, Duration lease, List<Held> held) {
        return CompletableFuture.completedStage(patiently(() -> broken.beat(owner, lease, held)));
    }

    private <T> T patiently(Supplier<CompletionStage<T>> call) {
        return patiently(CHANGE, call);
    }

    private <T> T patiently(int dice, Supplier<CompletionStage<T>> call) {
        long start = System.nanoTime();
        int before = repeats;
        harm(random.nextInt(dice));
        while (true) {
            try {
                T answer = TransportContract.on(call.get());
                repeated = repeats > before;
                return answer;
            } catch (RefusedException e) {
                throw e;
            } catch (TransportException e) {
                if (System.nanoTime() - start > PATIENCE) {
                    throw new AssertionError("No answer in " + PATIENCE / 1_000_000_000 + " s: " + e.getMessage(), e);
                }
                repeats++;
                if (lossy) {
                    lossy = false;
                    line.mend();
                }
                LockSupport.parkNanos(PAUSE);
            }
        }
    }

    private void harm(int dice) {
        if (dice < 8) {
            line.reset();
        } else if (dice < 28) {
            line.loseNextAnswer();
        } else if (dice < 29) {
            lossy = true;
            line.loseAnswers();
        } else if (dice < 30) {
            lossy = true;
            line.silence();
        }
    }

    @Override
    public CompletionStage<List<TaskEvent>> upkeep(Set<String> queues, Duration lease, int maxDeliveries) {
        return CompletableFuture.completedStage(patiently(() -> broken.upkeep(queues, lease, maxDeliveries)));
    }

    @Override
    public CompletionStage<Page<Held>> holdings(String owner, String queue, Optional<String> cursor) {
        return CompletableFuture.completedStage(patiently(() -> broken.holdings(owner, queue, cursor)));
    }

    @Override
    public CompletionStage<List<Enqueued>> enqueueAll(Call call, List<Batch> batches) {
        List<Enqueued> answers = patiently(() -> broken.enqueueAll(call, batches));
        Status known = answers.get(0).status();
        Status status = first(batches.get(0).queue(), "e", call, known);
        return CompletableFuture.completedStage(answers.stream()
                .map(answer -> new Enqueued(status, answer.receipts(), answer.accepted()))
                .toList());
    }

    @Override
    public Registration watch(Set<String> queues, Consumer<String> hint) {
        return broken.watch(queues, hint);
    }

    @Override
    public TaskInspector inspector() {
        return patient(TaskInspector.class, broken.inspector(), READ);
    }

    @Override
    public Optional<QueueControl> control() {
        return broken.control().map(control -> patient(QueueControl.class, control, CHANGE));
    }

    @Override
    public Optional<TaskNotes> notes() {
        return broken.notes().map(notes -> patient(TaskNotes.class, notes, CHANGE));
    }

    @Override
    public Optional<ScheduleStore> schedules() {
        return broken.schedules().map(schedules -> patient(ScheduleStore.class, schedules, CHANGE));
    }

    /** Each of its methods may be repeated and returns a stage. */
    private <T> T patient(Class<T> type, T target, int dice) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) ->
                        CompletableFuture.completedStage(patiently(dice, () -> invoke(target, method, args)))));
    }

    private static CompletionStage<Object> invoke(Object target, Method method, Object[] args) {
        try {
            return ((CompletionStage<?>) method.invoke(target, args)).thenApply(answer -> answer);
        } catch (InvocationTargetException e) {
            return CompletableFuture.failedStage(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(method + " must be public", e);
        }
    }
}
