package io.covey.cluster.redis.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A master, its replicas and three Sentinels on 127.0.0.1, which promote a replica when the master is gone. For who may
 * call from where, and for interrupts, see {@link RedisServer}.
 */
public final class RedisSentinels implements AutoCloseable {
    /** The name by which clients ask for the master. */
    public static final String MASTER = "covey";

    private static final int SENTINELS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

    private final List<RedisServer> servers = new ArrayList<>();
    private final List<RedisServer> sentinels = new ArrayList<>();

    private RedisSentinels() {}

    /**
     * One replica, and a master that is taken for dead after 500 ms of silence.
     *
     * @throws IllegalStateException if a server does not start or they do not find each other within 30 s
     */
    public static RedisSentinels start() {
        return start(1, Duration.ofMillis(500));
    }

    /**
     * Starts all and waits until every Sentinel knows the others and every replica.
     *
     * @param replicas how many, at least 1
     * @param downAfter the silence after which a Sentinel takes a server for dead; at least 100 ms
     * @throws IllegalStateException if a server does not start or they do not find each other within 30 s
     */
    public static RedisSentinels start(int replicas, Duration downAfter) {
        if (replicas < 1) {
            throw new IllegalArgumentException("replicas must be at least 1, was " + replicas);
        }
        if (downAfter.toMillis() < 100) {
            throw new IllegalArgumentException("downAfter must be at least 100 ms, was " + downAfter.toMillis());
        }
        RedisSentinels all = new RedisSentinels();
        try {
            all.startServers(replicas);
            all.startSentinels(downAfter);
            return all;
        } catch (RuntimeException e) {
            all.close();
            throw e;
        }
    }

    private void startServers(int replicas) {
        RedisServer master = RedisServer.builder().start();
        servers.add(master);
        for (int i = 0; i < replicas; i++) {
            servers.add(RedisServer.builder()
                    .setting("replicaof", "127.0.0.1", Integer.toString(master.port()))
                    .start());
        }
        // A Sentinel asks a master for its replicas at once, and then only every 10 s.
        Patience.await(
                "The master did not get its " + replicas + " replicas", LIMIT, () -> replicasOf(master) == replicas);
    }

    private static long replicasOf(RedisServer master) {
        return master.command("INFO", "replication")
                .lines()
                .filter(line -> line.contains(",state=online,"))
                .count();
    }

    private void startSentinels(Duration downAfter) {
        String millis = Long.toString(downAfter.toMillis());
        String port = Integer.toString(servers.get(0).port());
        for (int i = 0; i < SENTINELS; i++) {
            sentinels.add(new RedisServerBuilder(ServerSettings.Mode.SENTINEL)
                    .setting("sentinel", "monitor", MASTER, "127.0.0.1", port, Integer.toString(SENTINELS / 2 + 1))
                    .setting("sentinel", "down-after-milliseconds", MASTER, millis)
                    .setting("sentinel", "failover-timeout", MASTER, "5000")
                    .start());
        }
        Patience.await("The Sentinels did not find each other", LIMIT, () -> {
            for (RedisServer sentinel : sentinels) {
                Map<String, String> known = known(sentinel);
                if (!"master".equals(known.get("flags"))
                        || !Integer.toString(SENTINELS - 1).equals(known.get("num-other-sentinels"))
                        || !Integer.toString(servers.size() - 1).equals(known.get("num-slaves"))) {
                    return false;
                }
            }
            return true;
        });
    }

    private static Map<String, String> known(RedisServer sentinel) throws IOException {
        try (Resp resp = sentinel.connect(ANSWER_LIMIT)) {
            List<?> pairs = resp.list("SENTINEL", "MASTER", MASTER);
            Map<String, String> known = new HashMap<>();
            for (int i = 0; i + 1 < pairs.size(); i += 2) {
                known.put(String.valueOf(pairs.get(i)), String.valueOf(pairs.get(i + 1)));
            }
            return known;
        }
    }

    /** Where clients connect, {@code redis-sentinel://host:port,host:port,host:port/covey}. */
    public String uri() {
        return sentinels.stream()
                .map(sentinel -> "127.0.0.1:" + sentinel.port())
                .collect(Collectors.joining(
                        ",",
                        "redis-sentinel://" + servers.get(0).credentials(),
                        "/" + MASTER + sentinels.get(0).query()));
    }

    /**
     * The server that most Sentinels name as the master now; it may be down.
     *
     * @throws IllegalStateException if they do not agree within 30 s
     */
    public RedisServer master() {
        List<RedisServer> found = new ArrayList<>();
        Patience.await("The Sentinels did not agree on a master", LIMIT, () -> {
            found.clear();
            found.addAll(servers.stream().filter(this::isNamedByMost).toList());
            return !found.isEmpty();
        });
        return found.get(0);
    }

    private boolean isNamedByMost(RedisServer server) {
        int votes = 0;
        for (RedisServer sentinel : sentinels) {
            if (sentinel.isRunning()) {
                try (Resp resp = sentinel.connect(ANSWER_LIMIT)) {
                    List<?> address = resp.list("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER);
                    votes += address.equals(List.of("127.0.0.1", Integer.toString(server.port()))) ? 1 : 0;
                } catch (IOException | RuntimeException e) {
                    // A Sentinel that does not answer has no vote.
                }
            }
        }
        return votes > SENTINELS / 2;
    }

    /** The master of the start and its replicas, whatever they are now and whether they run or not. */
    public List<RedisServer> servers() {
        return List.copyOf(servers);
    }

    /** The Sentinels, whether they run or not. */
    public List<RedisServer> sentinels() {
        return List.copyOf(sentinels);
    }

    /**
     * Waits until the Sentinels have made another server the master and it takes writes.
     *
     * @param former the master before; killed, paused or cut off by the caller
     * @return the new master
     * @throws IllegalStateException if that does not happen within 30 s
     */
    public RedisServer awaitFailoverFrom(RedisServer former) {
        Patience.await("No replica was promoted in place of " + former, LIMIT, () -> {
            RedisServer master = master();
            return master != former && master.command("ROLE").startsWith("[master,");
        });
        return master();
    }

    /** Ends all processes and removes their directories. Twice is fine. */
    @Override
    public void close() {
        sentinels.forEach(RedisServer::close);
        servers.forEach(RedisServer::close);
    }
}
