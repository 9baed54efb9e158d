package io.covey.cluster.bench.peers;

import io.covey.cluster.bench.Usage;
import io.covey.cluster.redis.embedded.RedisServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.RedisClient;

/** One contestant of {@link CacheMatch} on a Redis of its own. */
final class CacheContest implements AutoCloseable {
    static final String RATE = " /s";
    static final String CLIENT = " client CPU us";
    static final String SERVER = " Redis CPU us";
    static final String COMMANDS = " Redis commands";
    static final String READS = " Redis reads";

    /**
     * Who plays.
     *
     * @param name as in the table
     * @param type the contestant's class
     * @param variant what it is told
     * @param classPath what its process runs with
     * @param plays which of the disciplines
     */
    record Entry(String name, String type, String variant, String classPath, List<Discipline> plays) {}

    /** What is played. */
    enum Discipline {
        GET("get, 1 thread", "get", 1),
        PUT("put, 1 thread", "put", 1),
        GET_64("get, 64 threads", "get", 64),
        PUT_64("put, 64 threads", "put", 64),
        MANY("get of 64 keys, 1 thread", "many", 1),
        MANY_64("get of 64 keys, 64 threads", "many", 64),
        LOCK("lock and unlock, 1 thread", "lock", 1),
        NEAR("near read, 1 thread", "near", 1),
        NEAR_2("near read, 2 threads", "near", 2);

        private final String title;
        private final String what;
        private final int threads;

        Discipline(String title, String what, int threads) {
            this.title = title;
            this.what = what;
            this.threads = threads;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    private final RedisServer server;
    private final RedisClient redis;
    private final Child child;

    CacheContest(Entry entry) throws IOException {
        server = RedisServer.builder().start();
        redis = RedisClient.create(server.uri());
        child = new Child(
                entry.classPath(),
                CacheCorner.class,
                List.of(entry.type(), Integer.toString(server.port()), entry.variant()));
    }

    /** Plays for a while; what is scored is per second or for one operation. */
    Map<String, Double> play(Discipline discipline, int millis) throws IOException {
        Usage before = Usage.now(redis);
        child.say(discipline.what + " " + discipline.threads + " " + millis);
        String[] words = child.hear().split(" ");
        Usage spent = Usage.now(redis).minus(before);
        double operations = Double.parseDouble(words[0]);
        return Map.of(
                discipline + RATE, operations * 1e9 / Double.parseDouble(words[1]),
                discipline + CLIENT, Double.parseDouble(words[2]) / operations,
                discipline + SERVER, spent.serverMicros() / operations,
                discipline + COMMANDS, spent.commands() / operations,
                discipline + READS, spent.reads() / operations);
    }

    @Override
    public void close() {
        child.close();
        redis.close();
        server.close();
    }
}
