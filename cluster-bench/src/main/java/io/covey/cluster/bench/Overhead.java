package io.covey.cluster.bench;

import io.covey.cluster.redis.embedded.RedisServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import redis.clients.jedis.RedisClient;

/**
 * What meters and traces add to the CPU time of running tasks that do nothing. A node that has them drains its queue beside one that
 * has not, at the same time and in the same process, so that whatever the machine does besides meets both. Each node has its own
 * threads, whose CPU time is told apart; what the JVM spends besides (to collect garbage) is shared out by the bytes that the two
 * allocated, what Redis spends by their tasks.
 * {@code java -cp benchmarks.jar io.covey.cluster.bench.Overhead [jedis|lettuce] [ROUNDS] [TASKS]}
 */
public final class Overhead {
    private static final int ROUNDS = 15;
    private static final int TASKS = 200_000;
    /** Rounds until next to nothing is compiled any more. */
    private static final int WARM_UP = 4;

    private static final double SAMPLED = 0.1;

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
     * @param args the driver, {@code jedis} unless given, how many rounds, 15 unless given, and how many tasks each node runs in
     *     one, 200,000 unless given
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

    /** Microseconds of CPU for each task: of the JVM without and with, and of Redis. */
    private record Pair(double without, double with, double redis) {

        double jvm() {
            return with / without;
        }

        double both() {
            return (with + redis) / (without + redis);
        }
    }

    private Map<Watched, List<Pair>> measure(int rounds) throws InterruptedException {
        Map<Watched, List<Pair>> pairs = new EnumMap<>(Watched.class);
        List<Watched> order = new ArrayList<>(List.of(Watched.values()));
        for (int round = 0; round < rounds; round++) {
            Collections.rotate(order, 1);
            for (Watched way : order) {
                pairs.computeIfAbsent(way, none -> new ArrayList<>()).add(pair(way, round % 2 == 0));
            }
        }
        return pairs;
    }

    private Pair pair(Watched way, boolean plainFirst) throws InterruptedException {
        try (Drain first = new Drain(uri, "first", tasks, plainFirst ? Watched.PLAIN : way, tracing);
                Drain second = new Drain(uri, "second", tasks, plainFirst ? way : Watched.PLAIN, tracing)) {
            // What was done before is not to be collected at the cost of what is measured.
            System.gc();
            Usage before = Usage.now(redis);
            first.start();
            second.start();
            while (!first.isDone() && !second.isDone()) {
                Thread.sleep(20);
                first.look();
                second.look();
            }
            first.stopLooking();
            second.stopLooking();
            Usage used = Usage.now(redis).minus(before);
            double rest = Math.max(0, used.clientMicros() - first.micros() - second.micros());
            double ofFirst = first.bytes() / (first.bytes() + second.bytes());
            double one = (first.micros() + rest * ofFirst) / first.ran();
            double other = (second.micros() + rest * (1 - ofFirst)) / second.ran();
            double server = used.serverMicros() / (first.ran() + second.ran());
            first.awaitEnd();
            second.awaitEnd();
            return plainFirst ? new Pair(one, other, server) : new Pair(other, one, server);
        }
    }

    private static void print(Map<Watched, List<Pair>> measured) {
        System.out.println("| way | JVM CPU us per task | Redis | more than plain beside it: JVM | with Redis |");
        System.out.println("|---|---:|---:|---:|---:|");
        measured.forEach((way, pairs) -> System.out.printf(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %s | %s |%n",
                way.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                part(pairs.stream().mapToDouble(Pair::with).toArray(), 0.5),
                part(pairs.stream().mapToDouble(Pair::redis).toArray(), 0.5),
                more(pairs.stream().mapToDouble(Pair::jvm).toArray()),
                more(pairs.stream().mapToDouble(Pair::both).toArray())));
    }

    /** Of the ratios of pairs: the median, and between which half of them are. */
    private static String more(double[] ratios) {
        return String.format(
                Locale.ROOT,
                "%+.1f %% (%+.1f to %+.1f)",
                percent(part(ratios, 0.5)),
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
}
