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
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.ToDoubleFunction;
import redis.clients.jedis.RedisClient;

/**
 * What meters and traces add to the CPU time of running tasks that do nothing. The ways take turns in one process, each round
 * in another order, so that what the machine does besides meets all of them.
 * {@code java -cp benchmarks.jar io.covey.cluster.bench.Overhead [jedis|lettuce] [ROUNDS]}
 */
public final class Overhead {
    private static final TaskType<String> NOTHING = TaskType.of("nothing", String.class);
    private static final String PAYLOAD = "x".repeat(100);
    private static final int TASKS = 300_000;
    /** Until next to nothing is compiled any more. */
    private static final int WARM_UP = 10;

    private static final double SAMPLED = 0.1;
    private static final int CONCURRENCY = 10;

    private enum Way {
        /** As it is without the module on the path: nobody listens. */
        PLAIN,
        /** Meters of node and tasks, in a registry for Prometheus. */
        METERS,
        /** Those, and traces as they are unless set otherwise: at most so many attempts a second are observed. */
        METERS_AND_TRACES,
        /** Those, and each attempt observed, of which one in ten is sampled. */
        METERS_AND_ALL_TRACES
    }

    private Overhead() {}

    /**
     * Measures.
     *
     * @param args the driver, {@code jedis} unless given, and how many rounds, 15 unless given
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        String driver = args.length > 0 ? args[0] : "jedis";
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 15;
        Map<Way, List<Cpu>> spent = new EnumMap<>(Way.class);
        for (Way way : Way.values()) {
            spent.put(way, new ArrayList<>());
        }
        try (RedisServer server = RedisServer.builder().start();
                RedisClient redis = RedisClient.create(server.uri());
                Tracing tracing = new Tracing(SAMPLED)) {
            String uri = server.uri().replaceFirst("://", "+" + driver + "://");
            List<Way> order = new ArrayList<>(List.of(Way.values()));
            for (int round = 0; round < WARM_UP + rounds; round++) {
                Collections.rotate(order, 1);
                for (Way way : order) {
                    Cpu cpu = drain(uri, redis, way, tracing);
                    if (round >= WARM_UP) {
                        spent.get(way).add(cpu);
                    }
                }
            }
        }
        System.out.println("| way | JVM CPU us per task | with Redis | beyond plain: JVM | with Redis |");
        System.out.println("|---|---:|---:|---:|---:|");
        for (Way way : Way.values()) {
            List<Cpu> own = spent.get(way);
            List<Cpu> plain = spent.get(Way.PLAIN);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f | %s | %s |%n",
                    way.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    quartile(own, Cpu::jvm),
                    quartile(own, Cpu::both),
                    beyond(own, plain, Cpu::jvm),
                    beyond(own, plain, Cpu::both));
        }
    }

    /** Microseconds for each task. */
    private record Cpu(double jvm, double both) {}

    private static String beyond(List<Cpu> own, List<Cpu> plain, ToDoubleFunction<Cpu> of) {
        double whole = quartile(plain, of);
        double more = quartile(own, of) - whole;
        return own == plain ? "" : String.format(Locale.ROOT, "%+.2f us, %+.1f %%", more, more / whole * 100);
    }

    /** The lower one: neighbours and the collector only add. */
    private static double quartile(List<Cpu> values, ToDoubleFunction<Cpu> of) {
        return values.stream()
                .mapToDouble(of)
                .sorted()
                .skip(values.size() / 4)
                .findFirst()
                .orElseThrow();
    }

    /** CPU time for each task of a full queue. */
    private static Cpu drain(String uri, RedisClient redis, Way way, Tracing tracing) throws InterruptedException {
        try (Cluster node =
                Cluster.join(ClusterConfig.builder(uri).name("overhead").build())) {
            TaskQueue.on(node).enqueueAll(NOTHING, Collections.nCopies(TASKS, PAYLOAD));
            MeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            CountDownLatch left = new CountDownLatch(TASKS);
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
            Usage before = Usage.now(redis);
            Worker running = worker.start();
            left.await();
            running.close();
            Usage used = Usage.now(redis).minus(before);
            registry.close();
            return new Cpu(used.clientMicros() / TASKS, (used.clientMicros() + used.serverMicros()) / TASKS);
        }
    }
}
