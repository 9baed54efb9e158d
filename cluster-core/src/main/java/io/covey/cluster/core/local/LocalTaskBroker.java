package io.covey.cluster.core.local;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskInspector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The tasks as one connection sees them. */
final class LocalTaskBroker implements TaskBroker {
    private final LocalTransport transport;
    private final TaskSpace space;
    private final TaskInspector inspector;

    LocalTaskBroker(LocalTransport transport, TaskSpace space) {
        this.transport = transport;
        this.space = space;
        this.inspector = new LocalTaskInspector(transport, space);
    }

    @Override
    public CompletionStage<Enqueued> enqueue(String queue, Call call, List<NewTask> tasks) {
        return transport.call(() -> {
            atMost("tasks to enqueue", tasks.size());
            Enqueued answer = space.queue(queue).enqueue(call, tasks, transport::isClosed);
            if (answer.status() == Status.OK && answer.accepted().contains(true)) {
                space.hints().give(queue);
            }
            return answer;
        });
    }

    @Override
    public CompletionStage<List<TurnAnswer>> turn(List<Turn> turns) {
        return transport.call(() -> {
            check(turns);
            List<TurnAnswer> answers = new ArrayList<>(turns.size());
            for (Turn turn : turns) {
                answers.add(space.queue(turn.queue()).turn(turn, transport::isClosed));
            }
            turns.stream().filter(LocalTaskBroker::givesBack).forEach(turn -> hintIfReady(turn.queue()));
            return List.copyOf(answers);
        });
    }

    private static void check(List<Turn> turns) {
        Set<String> queues = new HashSet<>();
        for (Turn turn : turns) {
            atMost("tasks to settle", turn.settlements().size());
            atMost("tasks to claim", turn.limit());
            if (!queues.add(turn.queue())) {
                throw new IllegalArgumentException(
                        "A trip has one turn for each queue, was given two for " + turn.queue());
            }
        }
    }

    private static boolean givesBack(Turn turn) {
        return turn.settlements().stream()
                .anyMatch(settlement -> settlement.outcome() instanceof Outcome.Release
                        || settlement.outcome() instanceof Outcome.Retry);
    }

    @Override
    public CompletionStage<BeatAnswer> beat(String owner, Duration lease, List<Held> held) {
        return transport.call(() -> {
            Map<String, List<Held>> byQueue = new LinkedHashMap<>();
            held.forEach(one -> byQueue.computeIfAbsent(one.queue(), absent -> new ArrayList<>())
                    .add(one));
            byQueue.forEach((queue, list) -> atMost("tasks held in " + queue, list.size()));
            Set<Held> lost = new LinkedHashSet<>();
            byQueue.forEach((queue, list) -> space.queue(queue).beat(owner, lease, list, lost));
            return new BeatAnswer(lost, Set.of());
        });
    }

    @Override
    public CompletionStage<List<TaskEvent>> upkeep(Set<String> queues, Duration lease, int maxDeliveries) {
        return transport.call(() -> {
            List<TaskEvent> events = new ArrayList<>();
            for (String queue : queues) {
                List<TaskEvent> happened = space.queue(queue).upkeep(lease, maxDeliveries);
                events.addAll(happened);
                hintIfReady(queue);
            }
            return events;
        });
    }

    @Override
    public Registration watch(Set<String> queues, Consumer<String> hint) {
        Registration registration = space.hints().register(transport, queues, hint);
        queues.forEach(this::hintIfReady);
        return registration;
    }

    @Override
    public TaskInspector inspector() {
        return inspector;
    }

    private void hintIfReady(String queue) {
        if (space.queue(queue).hasWork()) {
            space.hints().give(queue);
        }
    }

    private static void atMost(String what, int count) {
        if (count < 0 || count > MOST) {
            throw new IllegalArgumentException(
                    "The number of " + what + " must be 0 to " + MOST + " a call, was " + count);
        }
    }
}
