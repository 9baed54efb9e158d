package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.NotSecuredException;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.tasks.TaskHandlers;
import io.covey.cluster.tasks.Worker;
import io.covey.cluster.tasks.WorkerStats;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code cluster worker}. */
@Command(
        name = "worker",
        description = {
            "Works for task queues until it gets SIGTERM; then it takes no more, finishes what runs within the drain time, "
                    + "gives the rest back and ends. A second SIGTERM ends it at once.",
            "Serves the procedures ping, info and stats if there is a server token."
        },
        mixinStandardHelpOptions = true)
final class WorkerCommand implements Callable<Integer> {
    private static final Procedure<byte[], WorkerStats> STATS =
            Procedure.of("worker.stats", byte[].class, WorkerStats.class);
    /** What calls that run are given if the tasks have taken all the time. */
    private static final Duration LAST_CALLS = Duration.ofSeconds(1);

    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Option(
            names = "--queues",
            split = ",",
            paramLabel = "A,B",
            description = "The most important first; in a pattern * stands for any characters "
                    + "(COVEY_QUEUES; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_QUEUES:-default}")
    private String[] queues;

    @Option(
            names = "--weights",
            split = ",",
            paramLabel = "A=6,B=3",
            description = "Instead of --queues: what each gets of the claims while all have work (COVEY_WEIGHTS)",
            defaultValue = "${env:COVEY_WEIGHTS:-" + Option.NULL_VALUE + "}")
    private Map<String, Integer> weights;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "How many tasks at once, such as 8, or 2-16 to grow and shrink with the load "
                    + "(COVEY_CONCURRENCY; default ${DEFAULT-VALUE})",
            converter = SlotsConverter.class,
            defaultValue = "${env:COVEY_CONCURRENCY:-4}")
    private Slots concurrency;

    @Option(
            names = "--lease",
            paramLabel = "TIME",
            description = "After a death its tasks run again this much later (COVEY_LEASE; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_LEASE:-30s}")
    private Duration lease;

    @Option(
            names = "--beat",
            paramLabel = "TIME",
            description = "How often leases are renewed (default: a fifth of the lease)")
    private Duration beat;

    @Option(
            names = "--max-deliveries",
            paramLabel = "N",
            description = "A task that kills this many workers fails (COVEY_MAX_DELIVERIES; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_MAX_DELIVERIES:-3}")
    private int maxDeliveries;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            description = "How long running tasks may take at the end (COVEY_DRAIN; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_DRAIN:-25s}")
    private Duration drain;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What a person calls this node (COVEY_NAME; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_NAME:-worker}")
    private String name;

    @Option(
            names = "--no-scheduler",
            description = "Leave the recurring tasks of the queues to other workers (COVEY_NO_SCHEDULER)",
            defaultValue = "${env:COVEY_NO_SCHEDULER:-false}")
    private boolean withoutScheduler;

    @Option(
            names = "--classpath",
            paramLabel = "PATH",
            description = "Where the handlers are: jars and folders (COVEY_CLASSPATH)",
            defaultValue = "${env:COVEY_CLASSPATH:-" + Option.NULL_VALUE + "}")
    private String classpath;

    @Option(
            names = "--handlers",
            paramLabel = "CLASS",
            description =
                    "A public class that implements io.covey.cluster.tasks.TaskHandlers; without it no task is taken "
                            + "(COVEY_HANDLERS)",
            defaultValue = "${env:COVEY_HANDLERS:-" + Option.NULL_VALUE + "}")
    private String handlers;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Serve /metrics for Prometheus, /health/live and /health/ready; 0 takes a free port "
                    + "(COVEY_METRICS_PORT; default: do not)",
            defaultValue = "${env:COVEY_METRICS_PORT:-" + Option.NULL_VALUE + "}")
    private Integer metricsPort;

    @Option(
            names = "--metrics-host",
            paramLabel = "ADDRESS",
            description = "Where to serve them, without a login (COVEY_METRICS_HOST; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_METRICS_HOST:-127.0.0.1}")
    private String metricsHost;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Serve the dashboard of the whole cluster there (COVEY_DASHBOARD_PORT; 0 for any)",
            defaultValue = "${env:COVEY_DASHBOARD_PORT:-" + Option.NULL_VALUE + "}")
    private @Nullable Integer port;

    @Mixin
    private DashboardOptions dashboard;

    @Option(names = "--parent", hidden = true, description = "End with this process")
    private Long parent;

    /** How many at once. */
    private record Slots(int least, int most) {

        static Slots parse(String text) {
            String[] ends = text.split("-", 2);
            try {
                int least = Integer.parseInt(ends[0]);
                return new Slots(least, ends.length == 1 ? least : Integer.parseInt(ends[1]));
            } catch (NumberFormatException e) {
                throw new TypeConversionException("a concurrency is 8 or 2-16, was \"" + text + "\"");
            }
        }
    }

    /** For picocli. */
    static final class SlotsConverter implements ITypeConverter<Slots> {
        @Override
        public Slots convert(String text) {
            return Slots.parse(text);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        WorkerLife life = new WorkerLife(parent);
        try (WorkerMetrics metrics = metricsPort == null ? null : WorkerMetrics.serve(metricsHost, metricsPort, name);
                Cluster cluster =
                        Cluster.join(connection.config(name).drain(drain).build())) {
            if (metrics != null) {
                metrics.joined(cluster);
            }
            Optional<Worker> worker = handlers == null ? idle() : Optional.of(worker(cluster, metrics));
            serveStats(
                    cluster,
                    metrics,
                    worker.<Supplier<WorkerStats>>map(each -> each::stats)
                            .orElse(() -> WorkerStats.none(cluster.self().id())));
            if (port != null) {
                output.error("cluster worker: the dashboard is at "
                        + dashboard.start(cluster, port, output).uri());
            }
            output.ready(cluster.self(), metrics == null ? null : metrics.port());
            life.await(() -> cluster.health().live(), text -> output.error("cluster worker: " + text));
            end(cluster, worker, life.drain(drain));
        }
        return 0;
    }

    /** What runs may call others, and is called, until all tasks are done. */
    private static void end(Cluster cluster, Optional<Worker> worker, Duration budget) {
        long deadline = System.nanoTime() + budget.toNanos();
        worker.ifPresent(each -> each.close(budget));
        Duration rest = Duration.ofNanos(deadline - System.nanoTime());
        cluster.close(rest.compareTo(LAST_CALLS) < 0 ? LAST_CALLS : rest);
    }

    private Worker worker(Cluster cluster, @Nullable WorkerMetrics metrics) {
        Worker.Builder builder = Worker.on(cluster)
                .concurrency(concurrency.least, concurrency.most)
                .lease(lease)
                .maxDeliveries(maxDeliveries);
        register(builder);
        if (weights == null) {
            builder.queues(queues);
        } else {
            builder.weighted(weights);
        }
        if (beat != null) {
            builder.beat(beat);
        }
        if (withoutScheduler) {
            builder.withoutScheduler();
        }
        if (metrics == null) {
            return builder.start();
        }
        Worker worker = metrics.around(builder).start();
        metrics.started(worker);
        return worker;
    }

    /** Without handlers every task would fail as unknown, so none is taken. */
    private Optional<Worker> idle() {
        output.error("cluster worker: takes no tasks, since no --handlers say how to run them");
        return Optional.empty();
    }

    private void serveStats(Cluster cluster, @Nullable WorkerMetrics metrics, Supplier<WorkerStats> stats) {
        try {
            Rpc rpc = Rpc.on(cluster);
            rpc.serve(STATS, (argument, caller) -> stats.get());
            if (metrics != null) {
                metrics.serves(rpc);
            }
        } catch (NotSecuredException e) {
            output.error("cluster worker: ping, info and stats are not served: " + e.getMessage());
        }
    }

    /** What is wrong with a class, or missing beside it, may show only when it is used. */
    private void register(Worker.Builder builder) {
        try {
            builder.handlers(load(handlers));
        } catch (LinkageError e) {
            throw new IllegalArgumentException(handlers + " cannot be loaded: " + reason(e), e);
        }
    }

    private static Throwable reason(Throwable wrapper) {
        return wrapper.getCause() == null ? wrapper : wrapper.getCause();
    }

    private TaskHandlers load(String className) {
        try {
            Class<?> type = Class.forName(className, true, loader());
            return (TaskHandlers) type.getConstructor().newInstance();
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    "There is no class " + className + " on the class path"
                            + (classpath == null ? "" : " " + classpath),
                    e);
        } catch (ClassCastException e) {
            throw new IllegalArgumentException(className + " does not implement " + TaskHandlers.class.getName(), e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("The constructor of " + className + " failed: " + reason(e), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    className + " must be a public class with a public constructor without arguments: " + e, e);
        }
    }

    private ClassLoader loader() {
        ClassLoader here = getClass().getClassLoader();
        if (classpath == null) {
            return here;
        }
        List<URL> urls = new ArrayList<>();
        for (String entry : classpath.split(File.pathSeparator)) {
            try {
                urls.add(Path.of(entry).toUri().toURL());
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException("\"" + entry + "\" of the class path is no file or folder", e);
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), here);
    }
}
