package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.cli.QueueSample.QueueState;
import io.covey.cluster.cli.QueueSample.Rates;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.spi.TaskInspector.QueueInfo;
import io.covey.cluster.tasks.FailedTasks;
import io.covey.cluster.tasks.GivenBack;
import io.covey.cluster.tasks.TaskQueue;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cluster queues}. */
@Command(
        name = "queues",
        description = {
            "What is in the task queues now, and what has been done of them.",
            "With --set and --give-back changes one: cluster queues --set mail kind=own,concurrency=5,rate=100/s"
        },
        mixinStandardHelpOptions = true)
final class QueuesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Option(
            names = "--rates",
            paramLabel = "TIME",
            arity = "0..1",
            fallbackValue = "1s",
            description = "Look twice, this far apart (1s), and say what came and was done in a second")
    private @Nullable Duration rates;

    @Option(names = "--set", paramLabel = "QUEUE", description = "Change the settings of this queue to SETTINGS")
    private @Nullable String set;

    @Option(
            names = "--give-back",
            paramLabel = "QUEUE",
            description =
                    "Put its tasks back for workers of other makes: those that wait to run again, debounced ones, and those of "
                            + "killed workers when their leases are over")
    private @Nullable String giveBack;

    @Parameters(
            paramLabel = "SETTINGS",
            arity = "0..1",
            description =
                    "kind=shared|own, paused=true|false, concurrency=N, rate=N/s, key-concurrency=N, key-rate=N/s; "
                            + "a limit can be none. Without it --set prints what is set")
    private @Nullable String settings;

    @Override
    public Integer call() throws InterruptedException {
        if (settings != null && set == null) {
            throw new ParameterException(spec.commandLine(), "Say with --set of which queue the settings are");
        }
        if (settings != null) {
            new QueueChange(settings)
                    .apply(QueueSettings.defaults()); // what cannot be read is said before anything is done
        }
        try (Cluster cluster = connection.join("cli")) {
            TaskQueue tasks = TaskQueue.on(cluster);
            if (set != null) {
                change(tasks, set);
            }
            if (giveBack != null) {
                return giveBack(tasks, giveBack);
            }
            if (set == null) {
                list(cluster);
            }
            return 0;
        }
    }

    private int giveBack(TaskQueue tasks, String queue) {
        GivenBack given = tasks.queue(queue).giveBack();
        output.line(
                "gave back " + given.tasks() + " of " + queue,
                Output.fields(
                        "ok", given.all(),
                        "queue", queue,
                        "givenBack", given.tasks(),
                        "held", given.held(),
                        "workers", given.workers()));
        if (!given.all()) {
            output.error("cluster queues: " + given.workers()
                    + (given.workers() == 1 ? " worker that is alive holds " : " workers that are alive hold ")
                    + given.held() + " of " + queue + ": give back again when all have stopped");
        }
        return given.all() ? 0 : 1;
    }

    private void change(TaskQueue tasks, String queue) {
        QueueSettings now = settings == null
                ? tasks.queue(queue).settings()
                : tasks.queue(queue).change(new QueueChange(settings)::apply);
        output.line(
                queue + " " + QueueChange.shown(now),
                Output.fields(
                        "ok", true,
                        "queue", queue,
                        "kind", now.kind(),
                        "paused", now.paused(),
                        "settings", QueueChange.shown(now)));
    }

    private void list(Cluster cluster) throws InterruptedException {
        QueueSample now = QueueSample.take(cluster);
        Map<String, Rates> since = null;
        if (rates != null) {
            QueueSample before = now;
            Thread.sleep(rates.toMillis());
            now = QueueSample.take(cluster);
            since = now.since(before);
        }
        output.text("%-32s %9s %9s %9s %9s %11s%s %8s"
                .formatted(
                        "queue",
                        "waiting",
                        "active",
                        "delayed",
                        "retry",
                        "done",
                        since == null ? "" : "     in/s   done/s",
                        "oldest"));
        for (QueueState state : now.queues()) {
            line(now, state, since);
        }
        output.line(
                "of all queues: " + now.delayed() + " delayed besides, " + now.failed() + " failed",
                Output.fields("delayed", now.delayed(), "failed", now.failed()));
        if (now.failed() > FailedTasks.MANY) {
            output.error(
                    "cluster queues: " + now.failed()
                            + " failed tasks fill the backend's memory: see cluster failed groups, failed retry and failed drop");
        }
    }

    /** A queue for a program. */
    static Map<String, Object> fields(QueueSample now, QueueState state, Map<String, Rates> since) {
        QueueInfo queue = state.info();
        Map<String, Object> fields = Output.fields(
                "queue", queue.queue(),
                "waiting", queue.waiting(),
                "active", queue.active(),
                "delayed", queue.delayed(),
                "retry", queue.retry(),
                "paused", queue.paused());
        state.flow().ifPresent(flow -> {
            fields.put("done", flow.done());
            fields.put("failedEver", flow.failed());
            flow.oldest().ifPresent(oldest -> fields.put("oldest", oldest.toString()));
        });
        Rates its = since.get(queue.queue());
        if (its != null) {
            fields.put("inPerSecond", its.in());
            fields.put("donePerSecond", its.done());
        }
        Double latency = now.latency(state);
        if (latency != null) {
            fields.put("latency", latency);
        }
        return fields;
    }

    private void line(QueueSample now, QueueState state, @Nullable Map<String, Rates> since) {
        QueueInfo queue = state.info();
        output.line(
                "%s %9d %9d %9d %9d %11s%s %8s%s"
                        .formatted(
                                Columns.name(queue.queue(), 32),
                                queue.waiting(),
                                queue.active(),
                                queue.delayed(),
                                queue.retry(),
                                state.flow()
                                        .map(flow -> Long.toString(flow.done()))
                                        .orElse("-"),
                                since == null ? "" : rates(since.get(queue.queue())),
                                Ages.seconds(now.latency(state)),
                                queue.paused() ? "  paused" : ""),
                fields(now, state, since == null ? Map.of() : since));
    }

    private static String rates(@Nullable Rates its) {
        return its == null
                ? " %8s %8s".formatted("-", "-")
                : " %8s %8s".formatted(Ages.rate(its.in()), Ages.rate(its.done()));
    }
}
