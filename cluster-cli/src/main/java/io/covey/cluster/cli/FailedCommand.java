package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.Printable;
import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.tasks.FailedFilter;
import io.covey.cluster.tasks.FailedTasks;
import io.covey.cluster.tasks.TaskQueue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cluster failed}. */
@Command(
        name = "failed",
        description = {
            "Failed tasks, the newest first: they stay until they are run again or dropped.",
            "ID is what list prints: the id of the task, or a name made from its bytes."
        },
        subcommands = FailedGroups.class,
        mixinStandardHelpOptions = true)
final class FailedCommand implements Runnable {
    private static final int LONGEST_ID = 200;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: failed list, groups, show, retry or drop");
    }

    /** Which of them. */
    static final class Which {
        @Option(names = "--queue", paramLabel = "QUEUE", description = "Only of this queue")
        private @Nullable String queue;

        @Option(names = "--type", paramLabel = "TYPE", description = "Only of this type")
        private @Nullable String type;

        @Option(names = "--error", paramLabel = "TEXT", description = "Only those whose error contains this")
        private @Nullable String error;

        @Option(names = "--older-than", paramLabel = "TIME", description = "Only those that failed longer ago")
        private @Nullable Duration age;

        FailedFilter filter() {
            FailedFilter filter = FailedFilter.all();
            filter = queue == null ? filter : filter.withQueue(queue);
            filter = type == null ? filter : filter.withType(type);
            filter = error == null ? filter : filter.withError(error);
            return age == null ? filter : filter.withOlderThan(age);
        }
    }

    @Command(name = "list", description = "One line for each, the newest first.", mixinStandardHelpOptions = true)
    int list(
            @Mixin Connection connection,
            @Mixin Output output,
            @Mixin Which which,
            @Option(
                            names = "--skip",
                            paramLabel = "N",
                            description = "Leave out the first, as many as an earlier call has shown",
                            defaultValue = "0")
                    long skip,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            description = "How many at most (default ${DEFAULT-VALUE})",
                            converter = Counts.Some.class,
                            defaultValue = "100")
                    int limit) {
        if (skip < 0) {
            throw new ParameterException(spec.commandLine(), "--skip is 0 or more, was " + skip);
        }
        try (Cluster cluster = connection.join("cli")) {
            FailedTasks failed = TaskQueue.on(cluster).failed();
            long[] seen = new long[1];
            boolean[] more = new boolean[1];
            failed.each(which.filter(), task -> {
                long number = seen[0]++;
                more[0] = number - skip >= limit;
                if (number >= skip && !more[0]) {
                    output.row(text(task), fields(task));
                }
                return !more[0];
            });
            long shown = Math.max(0, seen[0] - skip - (more[0] ? 1 : 0));
            long count = failed.count();
            output.text(shown + " of " + count + " failed tasks"
                    + (more[0] ? "; --skip " + (skip + limit) + " shows the next" : ""));
            output.flush();
            if (count > FailedTasks.MANY) {
                output.error("cluster failed: " + count
                        + " failed tasks fill the backend's memory: retry or drop them, nothing else removes them");
            }
            return 0;
        }
    }

    @Command(name = "show", description = "All that is known of one.", mixinStandardHelpOptions = true)
    int show(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "ID", description = "As list prints it") String id) {
        try (Cluster cluster = connection.join("cli")) {
            return one(cluster, output, id, task -> {
                Map<String, Object> fields = fields(task);
                fields.put("worker", task.failure().worker());
                fields.put("args", args(task));
                fields.put("backtrace", task.failure().backtrace());
                fields.put("earlier", earlier(task));
                StringBuilder text = new StringBuilder();
                fields.forEach((name, value) -> {
                    if (value instanceof List<?> lines) {
                        text.append(name).append(":\n");
                        lines.forEach(
                                line -> text.append("    ").append(plain(line)).append('\n'));
                    } else {
                        text.append("%-10s %s%n"
                                .formatted(name, String.valueOf(value).replace('\n', ' ')));
                    }
                });
                output.whole(text.toString().stripTrailing(), fields);
                return true;
            });
        }
    }

    @Command(
            name = "retry",
            description = "Runs them again, as new tasks of their queues.",
            mixinStandardHelpOptions = true)
    int retry(
            @Mixin Connection connection,
            @Mixin Output output,
            @Mixin Which which,
            @Option(names = "--all", description = "All that the other options leave") boolean all,
            @Parameters(paramLabel = "ID", arity = "0..1", description = "One of them") @Nullable String id) {
        return change(connection, output, which, all, id, "retried", FailedTasks::retry, FailedTasks::retryAll);
    }

    @Command(name = "drop", description = "Removes them for good.", mixinStandardHelpOptions = true)
    int drop(
            @Mixin Connection connection,
            @Mixin Output output,
            @Mixin Which which,
            @Option(names = "--all", description = "All that the other options leave") boolean all,
            @Parameters(paramLabel = "ID", arity = "0..1", description = "One of them") @Nullable String id) {
        return change(connection, output, which, all, id, "dropped", FailedTasks::drop, FailedTasks::dropAll);
    }

    /** What is done with one. */
    private interface One {
        boolean apply(FailedTasks failed, FailedTask task);
    }

    /** What is done with all of a filter. */
    private interface Many {
        long apply(FailedTasks failed, FailedFilter filter);
    }

    private int change(
            Connection connection,
            Output output,
            Which which,
            boolean all,
            @Nullable String id,
            String done,
            One one,
            Many many) {
        if (all == (id != null)) {
            throw new ParameterException(spec.commandLine(), "Give the ID of one task, or --all");
        }
        try (Cluster cluster = connection.join("cli")) {
            FailedTasks failed = TaskQueue.on(cluster).failed();
            if (id == null) {
                long count = many.apply(failed, which.filter());
                output.line(done + " " + count, Output.fields("ok", true, done, count));
                return 0;
            }
            return one(cluster, output, id, task -> {
                boolean changed = one.apply(failed, task);
                output.line(
                        changed ? done + " " + id : "GONE " + id,
                        Output.fields("ok", changed, "id", id, "queue", task.queue()));
                return changed;
            });
        }
    }

    /** Does something with the newest of an id; status 1 if there is none or it did not succeed. */
    private static int one(Cluster cluster, Output output, String id, Predicate<FailedTask> body) {
        List<FailedTask> found = new ArrayList<>();
        TaskQueue.on(cluster)
                .failed()
                .each(FailedFilter.all(), task -> !name(task).equals(id) || !found.add(task));
        if (found.isEmpty()) {
            output.error("cluster failed: there is no failed task " + id);
            return 1;
        }
        return body.test(found.get(0)) ? 0 : 1;
    }

    /** The id of the task; where there is none that can be typed, a name made from its entry. */
    private static String name(FailedTask task) {
        String id = task.failure().task();
        if (!id.isEmpty() && id.length() <= LONGEST_ID && id.codePoints().noneMatch(Printable::isHostile)) {
            return id;
        }
        long hash = 0;
        for (byte b : task.entry()) {
            hash = hash * 1099511628211L + b;
        }
        return "x" + Long.toHexString(hash);
    }

    static String type(FailedTask task) {
        return task.failure().content() instanceof Content.Readable readable ? readable.type() : "-";
    }

    private static List<Map<String, Object>> earlier(FailedTask task) {
        return task.failure().earlier().stream()
                .map(attempt -> Output.fields(
                        "at", attempt.at().toString(),
                        "worker", attempt.owner(),
                        "error", attempt.error()))
                .toList();
    }

    private static Object plain(Object line) {
        return line instanceof Map<?, ?> attempt
                ? "%s %s %s"
                        .formatted(
                                attempt.get("at"),
                                attempt.get("worker"),
                                "".equals(attempt.get("error")) ? "died" : attempt.get("error"))
                : line;
    }

    private static Object args(FailedTask task) {
        return task.failure().content() instanceof Content.Readable readable
                ? Output.value(readable.args())
                : new String(((Content.Unreadable) task.failure().content()).raw(), StandardCharsets.UTF_8);
    }

    static String text(FailedTask task) {
        return "%s %s %s %s %s: %s"
                .formatted(
                        Columns.name(name(task), 24),
                        Columns.name(task.queue(), 20),
                        Columns.name(type(task), 20),
                        task.failure().at(),
                        Output.shown(task.failure().exception()),
                        Output.shown(task.failure().message()));
    }

    static Map<String, Object> fields(FailedTask task) {
        return Output.fields(
                "id", name(task),
                "queue", task.queue(),
                "type", type(task),
                "at", task.failure().at().toString(),
                "attempts", task.failure().attempts(),
                "exception", task.failure().exception(),
                "error", task.failure().message());
    }
}
