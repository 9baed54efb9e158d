package io.covey.cluster.tasks.testing;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.ScheduleStore;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskInspector;
import io.covey.cluster.spi.TaskNotes;
import io.covey.cluster.spi.WorkerRegistry;
import io.covey.cluster.tasks.EnqueueMiddleware;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The queues of a test: goes around every enqueue, to note it and perhaps to run it at once. */
final class TestBroker implements TaskBroker, EnqueueMiddleware {
    private static final Call FIRST = new Call("inline", 1);

    private final TaskBroker real;
    private final TestTasks test;

    TestBroker(TaskBroker real, TestTasks test) {
        this.real = real;
        this.test = test;
    }

    @Override
    public List<io.covey.cluster.tasks.Enqueued> enqueue(List<io.covey.cluster.tasks.NewTask<?>> tasks, Rest rest) {
        @Nullable Inline inline = test.inline();
        List<io.covey.cluster.tasks.Enqueued> receipts = new ArrayList<>();
        if (inline == null) {
            receipts.addAll(rest.enqueue(tasks));
            for (int i = 0; i < tasks.size(); i++) {
                if (receipts.get(i).accepted()) {
                    test.note(tasks.get(i));
                }
            }
            return receipts;
        }
        rest.enqueue(tasks);
        for (io.covey.cluster.tasks.NewTask<?> task : tasks) {
            test.note(task);
            receipts.add(inline.run(task));
        }
        return receipts;
    }

    @Override
    public CompletionStage<TaskBroker.Enqueued> enqueue(String queue, Call call, List<TaskBroker.NewTask> tasks) {
        return test.inline() == null
                ? real.enqueue(queue, call, tasks)
                : tried(Set.of(queue)).thenCompose(trial -> trial.enqueue(queue, FIRST, tasks));
    }

    @Override
    public CompletionStage<List<TaskBroker.Enqueued>> enqueueAll(Call call, List<Batch> batches) {
        return test.inline() == null
                ? real.enqueueAll(call, batches)
                : tried(batches.stream().map(Batch::queue).toList())
                        .thenCompose(trial -> trial.enqueueAll(FIRST, batches));
    }

    /** Queues of the same settings that nobody works on: what runs inline is refused as it would be. */
    private CompletionStage<TaskBroker> tried(Collection<String> queues) {
        TaskBroker trial = test.trial();
        CompletionStage<?> set = CompletableFuture.completedStage(trial);
        for (String queue : queues) {
            set = set.thenCompose(before -> real.control().orElseThrow().settings(queue))
                    .thenCompose(settings -> trial.control().orElseThrow().change(queue, fresh -> settings));
        }
        return set.thenApply(done -> trial);
    }

    @Override
    public CompletionStage<List<TurnAnswer>> turn(List<Turn> turns) {
        return real.turn(turns);
    }

    @Override
    public CompletionStage<BeatAnswer> beat(String owner, Duration lease, List<Held> held) {
        return real.beat(owner, lease, held);
    }

    @Override
    public CompletionStage<Page<Held>> holdings(String owner, String queue, Optional<String> cursor) {
        return real.holdings(owner, queue, cursor);
    }

    @Override
    public CompletionStage<List<TaskEvent>> upkeep(Set<String> queues, Duration lease, int maxDeliveries) {
        return real.upkeep(queues, lease, maxDeliveries);
    }

    @Override
    public Registration watch(Set<String> queues, Consumer<String> hint) {
        return real.watch(queues, hint);
    }

    @Override
    public void reconnect() {
        real.reconnect();
    }

    @Override
    public TaskInspector inspector() {
        return real.inspector();
    }

    @Override
    public Optional<QueueControl> control() {
        return real.control();
    }

    @Override
    public Optional<TaskNotes> notes() {
        return real.notes().map(Notes::new);
    }

    @Override
    public Optional<ScheduleStore> schedules() {
        return real.schedules();
    }

    @Override
    public Optional<WorkerRegistry> workers() {
        return real.workers();
    }

    /** The notes of the backend and the results of what ran inline. */
    private final class Notes implements TaskNotes {
        private final TaskNotes real;

        Notes(TaskNotes real) {
            this.real = real;
        }

        @Override
        public CompletionStage<Boolean> put(Held held, String id, String name, byte[] note, Duration keep) {
            return real.put(held, id, name, note, keep);
        }

        @Override
        public CompletionStage<Optional<byte[]>> get(String queue, String id, String name) {
            @Nullable Inline inline = test.inline();
            byte @Nullable [] result = inline == null || !name.equals(RESULT) ? null : inline.result(queue, id);
            return result == null ? real.get(queue, id, name) : CompletableFuture.completedStage(Optional.of(result));
        }
    }
}
