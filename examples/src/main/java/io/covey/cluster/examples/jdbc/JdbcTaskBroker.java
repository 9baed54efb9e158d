package io.covey.cluster.examples.jdbc;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskInspector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Queues as rows: each step on a queue is one transaction that holds the queue's row. */
final class JdbcTaskBroker implements TaskBroker {
    private static final String CHANGES = "SELECT changes FROM covey_queue WHERE namespace = ? AND name = ?";

    private final Database database;
    private final Watcher watcher;
    private final String namespace;
    private final TaskInspector inspector;

    JdbcTaskBroker(Database database, Watcher watcher, String namespace) {
        this.database = database;
        this.watcher = watcher;
        this.namespace = namespace;
        this.inspector = new JdbcTaskInspector(database, namespace);
    }

    private <T> T locked(String name, Function<JdbcQueue, T> step) {
        Names.check("queue", name);
        return database.inTransaction(session -> {
            QueueRow row = QueueRow.lock(session, namespace, name);
            T answer = step.apply(new JdbcQueue(row));
            row.save();
            return answer;
        });
    }

    @Override
    public CompletionStage<Enqueued> enqueue(String queue, Call call, List<NewTask> tasks) {
        return database.call(() -> {
            atMost("tasks to enqueue", tasks.size());
            return locked(queue, locked -> locked.enqueue(call, tasks));
        });
    }

    @Override
    public CompletionStage<List<TurnAnswer>> turn(List<Turn> turns) {
        return database.call(() -> {
            check(turns);
            List<TurnAnswer> answers = new ArrayList<>();
            for (Turn turn : turns) {
                answers.add(locked(turn.queue(), queue -> queue.turn(turn)));
            }
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

    @Override
    public CompletionStage<BeatAnswer> beat(String owner, Duration lease, List<Held> held) {
        return database.call(() -> {
            Set<Held> lost = new LinkedHashSet<>();
            held.stream().collect(Collectors.groupingBy(Held::queue)).forEach((queue, its) -> {
                atMost("tasks held in " + queue, its.size());
                lost.addAll(locked(queue, locked -> locked.beat(owner, lease, its)));
            });
            return new BeatAnswer(lost, Set.of());
        });
    }

    @Override
    public CompletionStage<Page<Held>> holdings(String owner, String queue, Optional<String> cursor) {
        return database.call(() -> new Page<>(locked(queue, its -> its.holdings(owner)), Optional.empty()));
    }

    @Override
    public CompletionStage<List<TaskEvent>> upkeep(Set<String> queues, Duration lease, int maxDeliveries) {
        return database.call(() -> {
            List<TaskEvent> events = new ArrayList<>();
            for (String queue : queues) {
                events.addAll(locked(queue, locked -> locked.upkeep(lease, maxDeliveries)));
            }
            return List.copyOf(events);
        });
    }

    @Override
    public Registration watch(Set<String> queues, Consumer<String> hint) {
        return watcher.onChange(CHANGES, namespace, Set.copyOf(queues), hint);
    }

    @Override
    public TaskInspector inspector() {
        return inspector;
    }

    private static void atMost(String what, int count) {
        if (count < 0 || count > MOST) {
            throw new IllegalArgumentException(
                    "The number of " + what + " must be 0 to " + MOST + " a call, was " + count);
        }
    }
}
