package io.covey.cluster.core.local;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.QueueControl;
import io.covey.cluster.spi.ScheduleStore;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskInspector;
import io.covey.cluster.spi.TaskNotes;
import io.covey.cluster.spi.WorkerRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The tasks as one connection sees them. */
final class LocalTaskBroker implements TaskBroker {
    private final LocalTransport transport;
    private final TaskSpace space;
    private final TaskInspector inspector;
    private final Together together;
    private final QueueControl control;
    private final TaskNotes notes;
    private final ScheduleStore schedules;
    private final WorkerRegistry workers;

    LocalTaskBroker(LocalTransport transport, TaskSpace space) {
        this.transport = transport;
        this.space = space;
        this.inspector = new LocalTaskInspector(transport, space);
        this.together = new Together(space);
        this.control = new LocalQueueControl(transport, space);
        this.notes = new LocalTaskNotes(transport, space);
        this.schedules = new LocalScheduleStore(transport, space);
        this.workers = new LocalWorkerRegistry(transport, space.workers());
    }

    @Override
    public CompletionStage<Enqueued> enqueue(String queue, Call call, List<NewTask> tasks) {
        return transport.call(() -> {
            atMost("tasks to enqueue", tasks.size());
            Intake.check(queue, tasks);
            Enqueued answer = space.queue(queue).enqueue(call, tasks, transport::isClosed);
            hint(queue, answer);
            return answer;
        });
    }

    @Override
    public CompletionStage<List<Enqueued>> enqueueAll(Call call, List<Batch> batches) {
        return transport.call(() -> {
            atMost(
                    "tasks to enqueue",
                    batches.stream().mapToInt(batch -> batch.tasks().size()).sum());
            batches.forEach(batch -> Intake.check(batch.queue(), batch.tasks()));
            List<Enqueued> answers = together.enqueue(call, batches, transport::isClosed);
            for (int i = 0; i < answers.size(); i++) {
                hint(batches.get(i).queue(), answers.get(i));
            }
            return answers;
        });
    }

    private void hint(String queue, Enqueued answer) {
        if (answer.status() == Status.OK && answer.accepted().contains(true)) {
            space.hints().give(queue);
        }
    }

    @Override
    public CompletionStage<List<TurnAnswer>> turn(List<Turn> turns) {
        return transport.call(() -> {
            check(turns);
            List<TurnAnswer> answers = new ArrayList<>(turns.size());
            for (Turn turn : turns) {
                answers.add(space.queue(turn.queue()).turn(turn, transport::isClosed));
            }
            turns.stream().filter(this::mayHelpOthers).forEach(turn -> space.hintIfReady(turn.queue()));
            return List.copyOf(answers);
        });
    }

    private static void check(List<Turn> turns) {
        Set<String> queues = new HashSet<>();
        for (Turn turn : turns) {
            atMost("tasks to settle", turn.settlements().size());
            atMost("tasks to claim", turn.limit());
            turn.settlements().forEach(LocalTaskBroker::check);
            if (!queues.add(turn.queue())) {
                throw new IllegalArgumentException(
                        "A trip has one turn for each queue, was given two for " + turn.queue());
            }
        }
    }

    private boolean mayHelpOthers(Turn turn) {
        return turn.settlements().stream()
                        .anyMatch(settlement -> settlement.outcome() instanceof Outcome.Release
                                || settlement.outcome() instanceof Outcome.Retry)
                || !turn.settlements().isEmpty() && space.queue(turn.queue()).with(parts -> parts.limits.areSet());
    }

    private static void check(Settlement settlement) {
        if (settlement.outcome() instanceof Outcome.Done done) {
            done.result().ifPresent(NoteBook::check);
        }
    }

    @Override
    public CompletionStage<BeatAnswer> beat(String owner, Duration lease, List<Held> held) {
        return transport.call(() -> {
            Map<String, List<Held>> byQueue = new LinkedHashMap<>();
            held.forEach(one -> byQueue.computeIfAbsent(one.queue(), absent -> new ArrayList<>())
                    .add(one));
            byQueue.forEach((queue, list) -> atMost("tasks held in " + queue, list.size()));
            Set<Held> lost = new LinkedHashSet<>();
            Set<String> cancelled = new HashSet<>();
            byQueue.forEach((queue, list) -> space.queue(queue).beat(owner, lease, list, lost, cancelled));
            return new BeatAnswer(lost, cancelled);
        });
    }

    @Override
    public CompletionStage<Page<Held>> holdings(String owner, String queue, Optional<String> cursor) {
        return transport.call(() -> new Page<>(space.queue(queue).holdings(owner), Optional.empty()));
    }

    @Override
    public CompletionStage<List<TaskEvent>> upkeep(Set<String> queues, Duration lease, int maxDeliveries) {
        return transport.call(() -> {
            List<TaskEvent> events = new ArrayList<>();
            for (String queue : queues) {
                List<TaskEvent> happened = space.queue(queue).upkeep(lease, maxDeliveries);
                events.addAll(happened);
                space.hintIfReady(queue);
            }
            return events;
        });
    }

    @Override
    public Registration watch(Set<String> queues, Consumer<String> hint) {
        Registration registration = space.hints().register(transport, queues, hint);
        queues.forEach(space::hintIfReady);
        return registration;
    }

    @Override
    public TaskInspector inspector() {
        return inspector;
    }

    @Override
    public Optional<QueueControl> control() {
        return Optional.of(control);
    }

    @Override
    public Optional<TaskNotes> notes() {
        return Optional.of(notes);
    }

    @Override
    public Optional<ScheduleStore> schedules() {
        return Optional.of(schedules);
    }

    @Override
    public Optional<WorkerRegistry> workers() {
        return Optional.of(workers);
    }

    static void atMost(String what, int count) {
        if (count < 0 || count > MOST) {
            throw new IllegalArgumentException(
                    "The number of " + what + " must be 0 to " + MOST + " a call, was " + count);
        }
    }
}
