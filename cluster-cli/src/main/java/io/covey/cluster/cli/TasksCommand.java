package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskInspector;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.spi.TaskInspector.StoredTask;
import io.covey.cluster.spi.WorkerRegistry.Running;
import io.covey.cluster.tasks.FailedFilter;
import io.covey.cluster.tasks.TaskInspection;
import io.covey.cluster.tasks.TaskQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cluster tasks}. */
@Command(
        name = "tasks",
        description = {
            "The tasks of a queue in one state, one a line, and their number. Those that wait come about in the order in which "
                    + "they will run, active ones as their workers tell them, failed ones the newest first."
        },
        mixinStandardHelpOptions = true)
final class TasksCommand implements Callable<Integer> {
    private static final int PAGE = 500;

    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Option(names = "--queue", paramLabel = "QUEUE", required = true, description = "Which queue")
    private String queue;

    @Option(names = "--state", paramLabel = "STATE", required = true, description = "${COMPLETION-CANDIDATES}")
    private State state;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "How many at most (default ${DEFAULT-VALUE})",
            converter = Counts.Some.class,
            defaultValue = "100")
    private int limit;

    @Option(
            names = "--from",
            paramLabel = "CURSOR",
            description = "Where to go on: the cursor that the last call ended with; of waiting, delayed and retry")
    private @Nullable String from;

    private long shown;
    private @Nullable String next;

    /** Where a task can be. */
    enum State {
        waiting,
        active,
        delayed,
        retry,
        failed
    }

    @Override
    public Integer call() {
        try (Cluster cluster = connection.join("cli")) {
            TaskQueue tasks = TaskQueue.on(cluster);
            QueueInfo counts = tasks.queue(queue).counts();
            long count = switch (state) {
                case waiting -> stored(tasks.inspect(), counts.waiting());
                case delayed -> stored(tasks.inspect(), counts.delayed());
                case retry -> stored(tasks.inspect(), counts.retry());
                case active -> active(cluster, counts);
                case failed -> failed(tasks);
            };
            Map<String, Object> fields = Output.fields("queue", queue, state.name(), count, "shown", shown);
            if (next != null) {
                fields.put("next", next);
            }
            output.line(count + " " + state + (shown < count ? ", " + shown + " shown" : ""), fields);
            if (next != null) {
                output.error("cluster tasks: there are more: --from " + next + " goes on");
            }
            return 0;
        }
    }

    private long stored(TaskInspection tasks, long counted) {
        Optional<String> cursor = Optional.ofNullable(from);
        while (shown < limit) {
            int most = (int) Math.min(PAGE, limit - shown);
            Page<StoredTask> page = tasks.tasks(
                    queue, TaskInspector.State.valueOf(state.name().toUpperCase(Locale.ROOT)), cursor, most);
            page.items().forEach(this::stored);
            cursor = page.next();
            next = cursor.orElse(null);
            if (cursor.isEmpty()) {
                break;
            }
        }
        // Delayed tasks of shared queues are not counted by queue.
        return Math.max(counted, shown);
    }

    private void stored(StoredTask task) {
        shown++;
        Map<String, Object> fields = Output.fields("id", task.id(), "queue", queue);
        String due = task.due().map(Instant::toString).orElse("");
        if (!due.isEmpty()) {
            fields.put("due", due);
        }
        content(fields, task.content());
        output.row(
                "%s %s %s%s"
                        .formatted(
                                Columns.name(task.id().isEmpty() ? "-" : task.id(), 32),
                                Columns.name(type(task.content()), 20),
                                due.isEmpty() ? "" : "due " + due + " ",
                                args(task.content())),
                fields);
    }

    private static void content(Map<String, Object> fields, Content content) {
        if (content instanceof Content.Readable task) {
            fields.put("type", task.type());
            fields.put("args", Output.value(task.args()));
            if (!task.headers().isEmpty()) {
                fields.put("headers", task.headers());
            }
            task.key().ifPresent(key -> fields.put("key", key));
        } else if (content instanceof Content.Unreadable bad) {
            fields.put("unreadable", bad.reason());
            fields.put("raw", Output.shown(bad.raw()));
        }
    }

    private static String type(Content content) {
        return content instanceof Content.Readable task ? task.type() : "(unreadable)";
    }

    private static String args(Content content) {
        return content instanceof Content.Readable task
                ? Output.shown(task.args())
                : Output.shown(((Content.Unreadable) content).raw());
    }

    /** Those that their workers report, which may be less than are leased. */
    private long active(Cluster cluster, QueueInfo counts) {
        Duration timeout = cluster.config().transport().patience();
        List<Running> running = cluster
                .transport()
                .tasks()
                .flatMap(TaskBroker::workers)
                .map(workers -> Await.on(workers.list(), timeout, "list the workers"))
                .orElse(List.of())
                .stream()
                .flatMap(worker -> worker.running().stream())
                .filter(task -> task.queue().equals(queue))
                .limit(limit)
                .toList();
        for (Running task : running) {
            shown++;
            output.row(
                    "%s %s since %s %s"
                            .formatted(
                                    Columns.name(task.id(), 32),
                                    Columns.name(task.type(), 20),
                                    task.since(),
                                    Output.shown(task.args())),
                    Output.fields(
                            "id", task.id(),
                            "queue", queue,
                            "type", task.type(),
                            "since", task.since().toString(),
                            "args", Output.value(task.args())));
        }
        return Math.max(counts.active(), shown);
    }

    /** Counted up to the limit only: all queues have one list of them. */
    private long failed(TaskQueue tasks) {
        boolean[] more = new boolean[1];
        tasks.failed().each(FailedFilter.all().withQueue(queue), task -> {
            more[0] = shown == limit;
            if (!more[0]) {
                failed(task);
            }
            return !more[0];
        });
        if (more[0]) {
            output.error("cluster tasks: there are more: see cluster failed groups --queue " + queue);
        }
        return shown;
    }

    private void failed(FailedTask task) {
        shown++;
        output.row(FailedCommand.text(task), FailedCommand.fields(task));
    }
}
