package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.spi.Printable;
import io.covey.cluster.spi.TaskInspector.FailedTask;
import io.covey.cluster.tasks.TaskQueue;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cluster failed groups}. */
@Command(
        name = "groups",
        description = {
            "What has failed, by queue, type and kind of error, the most frequent first, each with the error of the newest.",
            "It looks at each failed task."
        },
        mixinStandardHelpOptions = true)
final class FailedGroups implements Callable<Integer> {
    private static final int MOST_GROUPS = 10_000;
    private static final int MOST_ERROR = 1000;

    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Mixin
    private FailedCommand.Which which;

    @Option(
            names = "--newest",
            paramLabel = "N",
            description = "Look at the newest only, this many (default: all)",
            converter = Counts.Many.class,
            defaultValue = "" + Long.MAX_VALUE)
    private long newest;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "How many groups at most (default ${DEFAULT-VALUE})",
            converter = Counts.Some.class,
            defaultValue = "50")
    private int limit;

    /** What makes tasks of one group. */
    private record Kind(String queue, String type, String exception) {
        private static final int LONGEST = 200;

        static Kind of(FailedTask task) {
            return new Kind(
                    cut(task.queue()),
                    cut(FailedCommand.type(task)),
                    cut(task.failure().exception()));
        }

        private static String cut(String text) {
            return Printable.line(text, LONGEST);
        }
    }

    /** Tasks alike. */
    private static final class Group {
        private final Instant newest;
        private final String error;
        private Instant oldest;
        private long count;

        Group(FailedTask first) {
            newest = first.failure().at();
            oldest = newest;
            String message = first.failure().message();
            error = message.substring(0, Math.min(MOST_ERROR, message.length()));
        }

        void add(FailedTask task) {
            count++;
            oldest = task.failure().at();
        }
    }

    @Override
    public Integer call() {
        try (Cluster cluster = connection.join("cli")) {
            Map<Kind, Group> groups = new HashMap<>();
            long[] seen = new long[1];
            TaskQueue.on(cluster).failed().each(which.filter(), task -> {
                if (seen[0] == newest) {
                    return false;
                }
                seen[0]++;
                Kind kind = Kind.of(task);
                Group group = groups.get(kind);
                if (group == null && groups.size() < MOST_GROUPS) {
                    group = new Group(task);
                    groups.put(kind, group);
                }
                if (group != null) {
                    group.add(task);
                }
                return true;
            });
            List<Map.Entry<Kind, Group>> sorted = groups.entrySet().stream()
                    .sorted(Comparator.comparing(entry -> -entry.getValue().count))
                    .limit(limit)
                    .toList();
            sorted.forEach(entry -> line(entry.getKey(), entry.getValue()));
            output.text(seen[0] + " failed tasks in " + groups.size() + " groups"
                    + (sorted.size() < groups.size() ? ", " + sorted.size() + " shown" : ""));
            output.flush();
            return 0;
        }
    }

    private void line(Kind kind, Group group) {
        output.row(
                "%9d %s %s %s: %s  newest %s"
                        .formatted(
                                group.count,
                                Columns.name(kind.queue, 20),
                                Columns.name(kind.type, 20),
                                kind.exception,
                                Output.shown(group.error),
                                group.newest),
                Output.fields(
                        "failed", group.count,
                        "queue", kind.queue,
                        "type", kind.type,
                        "exception", kind.exception,
                        "error", group.error,
                        "newest", group.newest.toString(),
                        "oldest", group.oldest.toString()));
    }
}
