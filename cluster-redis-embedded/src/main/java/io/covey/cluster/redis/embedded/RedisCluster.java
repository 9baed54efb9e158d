package io.covey.cluster.redis.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A Redis Cluster on 127.0.0.1: masters that share all slots, each with as many replicas as asked for. For who may call
 * from where, and for interrupts, see {@link RedisServer}. The ports lie below 55536, since each node has a second one
 * 10000 above.
 */
public final class RedisCluster implements AutoCloseable {
    private static final int SLOTS = 16_384;
    private static final int MASTERS = 3;
    private static final Duration NODE_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

    private final List<RedisServer> nodes = new ArrayList<>();

    private RedisCluster() {}

    /**
     * Three masters without replicas.
     *
     * @throws IllegalStateException if a server does not start or they do not form a cluster within 30 s
     */
    public static RedisCluster start() {
        return start(0);
    }

    /**
     * Three masters, each with replicas that take over when it has been silent for about a second. Waits until every
     * node finds the cluster whole.
     *
     * @param replicas how many for each master
     * @throws IllegalStateException if a server does not start or they do not form a cluster within 30 s
     */
    public static RedisCluster start(int replicas) {
        if (replicas < 0) {
            throw new IllegalArgumentException("replicas must not be negative, was " + replicas);
        }
        RedisCluster cluster = new RedisCluster();
        try {
            for (int i = 0; i < MASTERS * (1 + replicas); i++) {
                cluster.nodes.add(new RedisServerBuilder(ServerSettings.Mode.CLUSTER)
                        .setting("cluster-node-timeout", Long.toString(NODE_TIMEOUT.toMillis()))
                        .setting("cluster-replica-validity-factor", "0")
                        .start());
            }
            cluster.meet();
            cluster.replicate();
            cluster.awaitOk();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void meet() {
        for (int i = 0; i < MASTERS; i++) {
            // One by one: Redis 6.2 knows no ranges.
            List<String> words = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            for (int slot = i * SLOTS / MASTERS; slot < (i + 1) * SLOTS / MASTERS; slot++) {
                words.add(Integer.toString(slot));
            }
            nodes.get(i).command(words.toArray(String[]::new));
        }
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
        }
        for (RedisServer node : nodes.subList(1, nodes.size())) {
            nodes.get(0).command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(node.port()));
        }
    }

    private void replicate() {
        for (int i = MASTERS; i < nodes.size(); i++) {
            RedisServer replica = nodes.get(i);
            String master = nodes.get(i % MASTERS).command("CLUSTER", "MYID");
            Patience.await(replica + " did not get to know its master", LIMIT, () -> {
                replica.command("CLUSTER", "REPLICATE", master);
                return true;
            });
            Patience.await(
                    replica + " did not get the data of its master",
                    LIMIT,
                    () -> replica.command("ROLE").contains(", connected, "));
        }
    }

    /** Where clients connect, {@code redis-cluster://host:port,host:port,...} with all nodes. */
    public String uri() {
        return nodes.stream()
                .map(node -> "127.0.0.1:" + node.port())
                .collect(Collectors.joining(
                        ",",
                        "redis-cluster://" + nodes.get(0).credentials(),
                        nodes.get(0).query()));
    }

    /** All nodes, whatever they are now and whether they run or not; at the start the masters come first. */
    public List<RedisServer> nodes() {
        return List.copyOf(nodes);
    }

    /**
     * The node that answers for a key now, as the first running node sees it; it may be down.
     *
     * @throws IllegalStateException if no node can tell within 30 s
     */
    public RedisServer masterOf(String key) {
        List<RedisServer> found = new ArrayList<>();
        Patience.await("No node knew the master of key " + key, LIMIT, () -> {
            found.clear();
            for (RedisServer node : nodes) {
                if (found.isEmpty() && node.isRunning()) {
                    found.addAll(masterAsSeenBy(node, key));
                }
            }
            return !found.isEmpty();
        });
        return found.get(0);
    }

    private List<RedisServer> masterAsSeenBy(RedisServer node, String key) throws IOException {
        try (Resp resp = node.connect(ANSWER_LIMIT)) {
            long slot = Long.parseLong(resp.text("CLUSTER", "KEYSLOT", key));
            for (Object range : resp.list("CLUSTER", "SLOTS")) {
                List<?> parts = (List<?>) range;
                if ((Long) parts.get(0) <= slot && slot <= (Long) parts.get(1)) {
                    Object port = ((List<?>) parts.get(2)).get(1);
                    return nodes.stream()
                            .filter(candidate -> port.equals((long) candidate.port()))
                            .toList();
                }
            }
            return List.of();
        }
    }

    /**
     * Waits until each running node finds the cluster whole: all slots served, all nodes known.
     *
     * @throws IllegalStateException if that does not happen within 30 s
     */
    public void awaitOk() {
        for (RedisServer node : nodes) {
            Patience.await(node + " did not find the cluster whole", LIMIT, () -> !node.isRunning() || isOk(node));
        }
    }

    private boolean isOk(RedisServer node) throws IOException {
        try (Resp resp = node.connect(ANSWER_LIMIT)) {
            List<String> info = resp.text("CLUSTER", "INFO").lines().toList();
            return info.contains("cluster_state:ok")
                    && info.contains("cluster_slots_ok:" + SLOTS)
                    && info.contains("cluster_known_nodes:" + nodes.size());
        }
    }

    /**
     * Moves the slot of a key, with all keys in it, one at a time, to another master: while it moves its keys are in two
     * places. Returns when every node knows the new place.
     *
     * @param key whose slot
     * @param to the master that gets it
     * @param halfway runs when some of the keys have moved, or all if there is but one
     * @throws IllegalStateException if the nodes do not agree within 30 s
     */
    public void moveSlot(String key, RedisServer to, Runnable halfway) {
        RedisServer from = masterOf(key);
        String slot = from.command("CLUSTER", "KEYSLOT", key);
        String fromId = from.command("CLUSTER", "MYID");
        String toId = to.command("CLUSTER", "MYID");
        to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", fromId);
        from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", toId);
        boolean told = false;
        for (String moving = keyIn(from, slot); !moving.isEmpty(); moving = keyIn(from, slot)) {
            from.command("MIGRATE", "127.0.0.1", Integer.toString(to.port()), moving, "0", "10000");
            if (!told) {
                told = true;
                halfway.run();
            }
        }
        to.command("CLUSTER", "SETSLOT", slot, "NODE", toId);
        from.command("CLUSTER", "SETSLOT", slot, "NODE", toId);
        for (RedisServer node : nodes) {
            Patience.await(
                    node + " did not learn of the new place of slot " + slot,
                    LIMIT,
                    () -> !node.isRunning() || masterAsSeenBy(node, key).equals(List.of(to)));
        }
    }

    private static String keyIn(RedisServer node, String slot) {
        String keys = node.command("CLUSTER", "GETKEYSINSLOT", slot, "1");
        return keys.substring(1, keys.length() - 1);
    }

    /** Ends all processes and removes their directories. Twice is fine. */
    @Override
    public void close() {
        nodes.forEach(RedisServer::close);
    }
}
