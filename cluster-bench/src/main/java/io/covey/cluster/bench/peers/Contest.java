package io.covey.cluster.bench.peers;

import io.covey.cluster.bench.Usage;
import io.covey.cluster.redis.embedded.RedisServer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.RedisClient;

/** One contestant on its Redis. */
final class Contest implements AutoCloseable {
    static final String ONE = "enqueue/s, 1 producer";
    static final String EIGHT = "enqueue/s, 8 producers";
    static final String BULK = "enqueue/s, bulk of 200";
    static final String DRAIN = "drain/s, 10 at once";
    static final String P50 = "enqueue to start p50 ms";
    static final String P99 = "enqueue to start p99 ms";
    static final String FOREIGN_P50 = "foreign RPUSH to start p50 ms";
    static final String FOREIGN_P99 = "foreign RPUSH to start p99 ms";
    static final String COMMANDS = " Redis commands per task";
    static final String TRIPS = " round trips per task";
    static final String SERVER = " Redis CPU us per task";
    static final String CLIENT = " client CPU us per task";

    private static final int LATENCIES = 200;
    /** A bulk takes microseconds: one play of them is too short to be compiled in or to be told from noise. */
    private static final int BULK_PLAYS = 20;

    private static final String LIST = "resque:queue:" + Contestant.QUEUE;
    private static final long PACE_NANOS = 10_000_000;

    private final Player.Entry entry;
    private final Player player;
    private final RedisClient redis;
    private final int tasks;
    private final Map<String, Double> scored = new LinkedHashMap<>();

    Contest(Player.Entry entry, RedisServer server, int all) throws IOException {
        this.entry = entry;
        tasks = Math.max(1, (int) (all * entry.share()) / Contestant.BULK) * Contestant.BULK;
        redis = RedisClient.create(server.uri());
        player = new Player(entry, server.port());
    }

    /** Plays everything once, with so many times the tasks; the queue is empty before and after. */
    Map<String, Double> round(int times) throws IOException {
        int some = times * tasks;
        scored.clear();
        rate(ONE, "one", some, 1);
        rate(EIGHT, "eight", some, 1);
        rate(BULK, "bulk", 2 * some, entry.foreign() ? BULK_PLAYS : 1);
        rate(DRAIN, "drain", 4 * some, 1);
        Player.Played own = player.play("latency", LATENCIES);
        latency(P50, own.p50());
        latency(P99, own.p99());
        if (entry.foreign()) {
            Player.Played foreign = player.play("listen", LATENCIES, this::push);
            latency(FOREIGN_P50, foreign.p50());
            latency(FOREIGN_P99, foreign.p99());
        }
        return Map.copyOf(scored);
    }

    /** Plays so many times; what was added is thrown away but for the last time, which only queues of resque's form allow. */
    private void rate(String name, String what, int count, int times) throws IOException {
        long nanos = 0;
        double cpuMicros = 0;
        Usage before = Usage.now(redis);
        for (int i = 0; i < times; i++) {
            if (i > 0) {
                redis.ltrim(LIST, 0, -1 - count);
            }
            Player.Played played = player.play(what, count);
            nanos += played.nanos();
            cpuMicros += played.cpuMicros();
        }
        Usage spent = Usage.now(redis).minus(before);
        double all = (double) count * times;
        scored.put(name, all * 1e9 / nanos);
        scored.put(what + COMMANDS, spent.commands() / all);
        scored.put(what + TRIPS, spent.reads() / all);
        scored.put(what + SERVER, spent.serverMicros() / all);
        scored.put(what + CLIENT, cpuMicros / all);
    }

    private void latency(String name, long nanos) {
        scored.put(name, nanos / 1e6);
    }

    /** As a producer of another make does. */
    private void push() {
        redis.sadd("resque:queues", Contestant.QUEUE);
        long next = System.nanoTime();
        for (int i = 0; i < LATENCIES; i++) {
            while (System.nanoTime() < next) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
            next += PACE_NANOS;
            redis.rpush(
                    LIST,
                    "{\"class\":\"" + Contestant.TYPE + "\",\"queue\":\"" + Contestant.QUEUE + "\",\"args\":[\""
                            + System.nanoTime() + "\"]}");
        }
    }

    @Override
    public void close() {
        player.close();
        redis.close();
    }
}
