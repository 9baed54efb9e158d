package io.covey.cluster.redis;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisDriver;
import io.covey.cluster.redis.driver.RedisErrorException;
import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.redis.driver.RedisUri.Topology;
import io.covey.cluster.spi.Await;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether a server is one that this transport can work with: asked by HELLO, which needs no rights. */
final class ServerCheck {
    private static final int[] NEEDED = {6, 2};
    private static final int[] SHARDED_CHANNELS = {7, 0};

    private ServerCheck() {}

    /**
     * @return whether the server has channels that stay within a shard
     * @throws TransportException naming what was found and what is needed
     */
    static boolean pass(RedisDriver driver, RedisUri uri, Duration timeout) {
        Map<String, String> server;
        try {
            server = fields(Replies.list(Await.on(driver.send(RedisCommand.of("HELLO")), timeout, "HELLO to " + uri)));
        } catch (RedisErrorException e) {
            throw new TransportException(uri + " refused HELLO, by which its version is checked: "
                    + e.error().message() + ". Redis 6.2 or newer, or Valkey, is needed");
        }
        return judge(uri, server);
    }

    static boolean judge(RedisUri uri, Map<String, String> server) {
        String product = server.getOrDefault("server", "unknown");
        String version = server.getOrDefault("version", "unknown");
        boolean isValkey = product.equals("valkey");
        if (!isValkey && !isAtLeast(version, NEEDED)) {
            throw new TransportException(uri + " is " + product + " " + version
                    + ", Redis 6.2 or newer, or Valkey, is needed: upgrade the server");
        }
        String mode = server.getOrDefault("mode", "standalone");
        if (mode.equals("sentinel")) {
            throw new TransportException(uri + " is a sentinel: write redis-sentinel://host:port/master");
        }
        if (mode.equals("cluster") != (uri.topology() == Topology.CLUSTER)) {
            throw new TransportException(uri + " runs in " + mode + " mode: write "
                    + (mode.equals("cluster") ? "redis-cluster://" : "redis://") + " instead");
        }
        return isValkey || isAtLeast(version, SHARDED_CHANNELS);
    }

    private static boolean isAtLeast(String version, int[] needed) {
        String[] parts = version.split("[^0-9]+", -1);
        if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            return false;
        }
        int major = Integer.parseInt(parts[0]);
        return major > needed[0] || major == needed[0] && Integer.parseInt(parts[1]) >= needed[1];
    }

    private static Map<String, String> fields(List<Object> flat) {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            if (!(flat.get(i + 1) instanceof List)) {
                fields.put(Replies.text(flat.get(i)), Replies.text(flat.get(i + 1)));
            }
        }
        return fields;
    }
}
