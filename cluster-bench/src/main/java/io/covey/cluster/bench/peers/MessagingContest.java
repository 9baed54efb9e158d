package io.covey.cluster.bench.peers;

import io.covey.cluster.bench.Usage;
import io.covey.cluster.redis.embedded.RedisServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import redis.clients.jedis.RedisClient;

/** One contestant of {@link MessagingMatch}: two processes on a Redis of their own. */
final class MessagingContest implements AutoCloseable {
    static final String RATE = " /s";
    static final String P50 = " p50 us";
    static final String P99 = " p99 us";
    static final String CLIENT = " client CPU us";
    static final String SERVER = " Redis CPU us";
    static final String COMMANDS = " Redis commands";
    static final String READS = " Redis reads";

    /**
     * Who plays.
     *
     * @param name as in the table
     * @param command of a process: it gets the port of the Redis, and the second one also what the first has answered
     * @param plays which of the disciplines
     */
    record Entry(String name, IntFunction<List<String>> command, List<Discipline> plays) {}

    /** What is played. */
    enum Discipline {
        CALL("call", "call, 1 in flight", 1, 50_000),
        CALL_64("calls", "call, 64 in flight", 64, 400_000),
        ONE("one", "delivery, 1 subscriber", 1, 3_000_000),
        TEN("ten", "delivery, 10 subscribers", 10, 8_000_000),
        LIGHT("light", "publish to deliver", 1, 10_000);

        private final String option;
        private final String title;
        /** Of calls or subscribers. */
        private final int many;

        /** How often it is played before all that runs is compiled: what is not takes longer. */
        private final int warmTimes;

        Discipline(String option, String title, int many, int warmTimes) {
            this.option = option;
            this.title = title;
            this.many = many;
            this.warmTimes = warmTimes;
        }

        /** What it is called on the command line. */
        String option() {
            return option;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    private static final long WARM_NANOS = 20_000_000_000L;

    /** Less than what a queue before a subscriber holds, so that nothing need be dropped. */
    private static final int BURST = 8000;

    private final RedisServer server;
    private final RedisClient redis;
    private final Child there;
    private final Child here;
    private final Set<String> subscribed = new HashSet<>();

    MessagingContest(Entry entry) throws IOException {
        server = RedisServer.builder().start();
        redis = RedisClient.create(server.uri());
        there = new Child(entry.command().apply(server.port()));
        List<String> second = new ArrayList<>(entry.command().apply(server.port()));
        second.add(there.greeting());
        here = new Child(second);
    }

    /** Plays until what runs is compiled: so many times, since on a busy machine a time says little. */
    void warm(Discipline discipline, int millis) throws IOException {
        long begun = System.nanoTime();
        double times = 0;
        do {
            Map<String, Double> scored = play(discipline, millis);
            times += scored.getOrDefault(discipline + RATE, 1e3) * millis / 1e3;
        } while (times < discipline.warmTimes && System.nanoTime() - begun < WARM_NANOS);
    }

    /** Plays for about so long; what is scored is per second or for one call or delivery. */
    Map<String, Double> play(Discipline discipline, int millis) throws IOException {
        return switch (discipline) {
            case CALL, CALL_64 -> calls(discipline, millis);
            case ONE, TEN -> deliveries(discipline, millis);
            case LIGHT -> light(discipline, millis);
        };
    }

    private Map<String, Double> calls(Discipline discipline, int millis) throws IOException {
        Usage before = Usage.now(redis);
        double cpu = cpu();
        String[] words = here.ask("call " + discipline.many + " " + millis).split(" ");
        double spent = cpu() - cpu;
        double calls = Double.parseDouble(words[0]);
        Map<String, Double> scored =
                costs(discipline, calls, spent, Usage.now(redis).minus(before));
        scored.put(discipline + RATE, calls * 1e9 / Double.parseDouble(words[1]));
        scored.put(discipline + P50, Double.parseDouble(words[2]) / 1e3);
        scored.put(discipline + P99, Double.parseDouble(words[3]) / 1e3);
        return scored;
    }

    private Map<String, Double> deliveries(Discipline discipline, int millis) throws IOException {
        String channel = channel(discipline);
        Usage before = Usage.now(redis);
        double cpu = cpu();
        double nanos = 0;
        double delivered = 0;
        while (nanos < millis * 1e6) {
            int messages = BURST / (discipline.many == 1 ? 1 : 2);
            there.ask("expect " + messages * discipline.many);
            double begun = Double.parseDouble(here.ask("publish " + channel + " " + messages));
            nanos += Double.parseDouble(there.ask("await").split(" ")[0]) - begun;
            delivered += messages * discipline.many;
        }
        double spent = cpu() - cpu;
        Map<String, Double> scored =
                costs(discipline, delivered, spent, Usage.now(redis).minus(before));
        scored.put(discipline + RATE, delivered * 1e9 / nanos);
        return scored;
    }

    private Map<String, Double> light(Discipline discipline, int millis) throws IOException {
        String channel = channel(discipline);
        there.ask("expect " + millis);
        here.ask("pace " + channel + " " + millis);
        String[] words = there.ask("await").split(" ");
        return Map.of(
                discipline + P50, Double.parseDouble(words[1]) / 1e3,
                discipline + P99, Double.parseDouble(words[2]) / 1e3);
    }

    private String channel(Discipline discipline) throws IOException {
        String channel = "match-" + discipline.many;
        if (subscribed.add(channel)) {
            there.ask("subscribe " + channel + " " + discipline.many);
        }
        return channel;
    }

    private static Map<String, Double> costs(Discipline what, double times, double cpu, Usage spent) {
        return new HashMap<>(Map.of(
                what + CLIENT, cpu / times,
                what + SERVER, spent.serverMicros() / times,
                what + COMMANDS, spent.commands() / times,
                what + READS, spent.reads() / times));
    }

    /** Of both processes. */
    private double cpu() throws IOException {
        return Double.parseDouble(here.ask("cpu")) + Double.parseDouble(there.ask("cpu"));
    }

    @Override
    public void close() {
        here.close();
        there.close();
        redis.close();
        server.close();
    }
}
