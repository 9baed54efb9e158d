package io.covey.cluster.bench;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.micrometer.ClusterMetrics;
import io.covey.cluster.micrometer.TaskMetrics;
import io.covey.cluster.micrometer.TaskTracing;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import redis.clients.jedis.RedisClient;

/**
 * What meters and traces add to the CPU time of running tasks that do nothing. Each way runs beside one without, now before it and
 * now after it, and the two are compared as a pair, so that what the machine does besides meets both of them.
 * {@code java -cp benchmarks.jar io.covey.cluster.bench.Overhead [jedis|lettuce] [ROUNDS] [TASKS]}
 */
public final class Overhead {
    private static final TaskType<String> NOTHING = TaskType.of("nothing", String.class);
    private static final String PAYLOAD = "x".repeat(100);
    private static final int ROUNDS = 30;
    private static final int TASKS = 200_000;
    /** Rounds until next to nothing is compiled any more. */
    private static final int WARM_UP = 5;

    private static final double SAMPLED = 0.1;
    private static final int CONCURRENCY = 10;

    private enum Way {
        /** As it is without the module on the path: nobody listens. Beside its like it shows how much is chance. */
        PLAIN,
        /** Meters of node and tasks, in a registry for Prometheus. */
        METERS,
        /** Those, and traces as they are unless set otherwise: at most so many attempts a second are observed. */
        METERS_AND_TRACES,
        /** Those, and each attempt observed, of which one in ten is sampled. */
        METERS_AND_ALL_TRACES
    }

    private final String uri;
    private final RedisClient redis;
    private final Tracing tracing;
    private final int tasks;

    private Overhead(String uri, RedisClient redis, Tracing tracing, int tasks) {
        this.uri = uri;
        this.redis = redis;
        this.tracing = tracing;
        this.tasks = tasks;
    }

    /**
     * Measures.
     *
     * @param args the driver, {@code jedis} unless given, how many rounds, 30 unless given, and how many tasks a run has, 200,000
     *     unless given
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        String driver = args.length > 0 ? args[0] : "jedis";
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : ROUNDS;
        int tasks = args.length > 2 ? Integer.parseInt(args[2]) : TASKS;
        try (RedisServer server = RedisServer.builder().start();
                RedisClient redis = RedisClient.create(server.uri());
                Tracing tracing = new Tracing(SAMPLED)) {
            String uri = server.uri().replaceFirst("://", "+" + driver + "://");
            Overhead overhead = new Overhead(uri, redis, tracing, tasks);
            overhead.measure(WARM_UP);
            print(overhead.measure(rounds));
        }
    }

    /** Microseconds for each task. */
    private record Cpu(double jvm, double both) {}

    private record Pair(Cpu without, Cpu with) {}

    private Map<Way, List<Pair>> measure(int rounds) throws InterruptedException {
        Map<Way, List<Pair>> pairs = new EnumMap<>(Way.class);
        List<Way> order = new ArrayList<>(List.of(Way.values()));
        for (int round = 0; round < rounds; round++) {
            Collections.rotate(order, 1);
            for (Way way : order) {
                pairs.computeIfAbsent(way, none -> new ArrayList<>()).add(pair(way, round % 2 == 0));
            }
        }
        return pairs;
    }

    private Pair pair(Way way, boolean plainFirst) throws InterruptedException {
        if (plainFirst) {
            Cpu without = drain(Way.PLAIN);
            return new Pair(without, drain(way));
        }
        Cpu with = drain(way);
        return new Pair(drain(Way.PLAIN), with);
    }

    private static void print(Map<Way, List<Pair>> measured) {
        System.out.println("| way | JVM CPU us per task | with Redis | more than plain: JVM | with Redis |");
        System.out.println("|---|---:|---:|---:|---:|");
        measured.forEach((way, pairs) -> System.out.printf(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %s | %s |%n",
                way == Way.PLAIN
                        ? "plain, beside itself"
                        : way.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                middle(pairs.stream().mapToDouble(pair -> pair.with.jvm).toArray()),
                middle(pairs.stream().mapToDouble(pair -> pair.with.both).toArray()),
                more(pairs.stream()
                        .mapToDouble(pair -> pair.with.jvm / pair.without.jvm)
                        .toArray()),
                more(pairs.stream()
                        .mapToDouble(pair -> pair.with.both / pair.without.both)
                        .toArray())));
    }

    private static double middle(double[] values) {
        return part(values, 0.5);
    }

    /** Of the ratios of pairs: the median, and between which half of them are. */
    private static String more(double[] ratios) {
        return String.format(
                Locale.ROOT,
                "%+.1f %% (%+.1f to %+.1f)",
                percent(middle(ratios)),
                percent(part(ratios, 0.25)),
                percent(part(ratios, 0.75)));
    }

    private static double percent(double ratio) {
        return (ratio - 1) * 100;
    }

    /** The value that this part of them is not above; between two by how near it is to each. */
    private static double part(double[] values, double part) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double place = part * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** CPU time for each task of a full queue. */
    private Cpu drain(Way way) throws InterruptedException {
        try (Cluster node =
                Cluster.join(ClusterConfig.builder(uri).name("overhead").build())) {
            TaskQueue.on(node).enqueueAll(NOTHING, Collections.nCopies(tasks, PAYLOAD));
            MeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            CountDownLatch left = new CountDownLatch(tasks);
            Worker.Builder worker = Worker.on(node)
                    .queues(NOTHING.queue())
                    .concurrency(CONCURRENCY)
                    .handlers(handlers -> handlers.handle(NOTHING, (payload, task) -> left.countDown()));
            if (way != Way.PLAIN) {
                new ClusterMetrics(node).bindTo(registry);
                TaskMetrics metrics = new TaskMetrics(node);
                metrics.bindTo(registry);
                metrics.around(worker);
            }
            TaskTracing traces = new TaskTracing(node, tracing.registry());
            if (way == Way.METERS_AND_TRACES) {
                traces.around(worker);
            } else if (way == Way.METERS_AND_ALL_TRACES) {
                traces.observing(1).around(worker);
            }
            // What was done before is not to be collected at the cost of what is measured.
            System.gc();
            Usage before = Usage.now(redis);
            Worker running = worker.start();
            left.await();
            running.close();
            Usage used = Usage.now(redis).minus(before);
            registry.close();
            return new Cpu(used.clientMicros() / tasks, (used.clientMicros() + used.serverMicros()) / tasks);
        }
    }
}
