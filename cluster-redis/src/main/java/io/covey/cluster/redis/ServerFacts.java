package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisErrorException;
import io.covey.cluster.spi.Await;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** What a server says of itself by INFO, which the least rights do not include. Of a cluster one of its servers answers. */
final class ServerFacts {
    /** In the order in which people look. */
    private static final List<String> WANTED = List.of(
            "redis_version",
            "valkey_version",
            "redis_mode",
            "role",
            "uptime_in_seconds",
            "used_memory_human",
            "used_memory_peak_human",
            "maxmemory_human",
            "maxmemory_policy",
            "mem_fragmentation_ratio",
            "connected_clients",
            "blocked_clients",
            "instantaneous_ops_per_sec",
            "total_commands_processed",
            "evicted_keys",
            "expired_keys",
            "rejected_connections",
            "connected_slaves",
            "master_link_status",
            "rdb_last_bgsave_status",
            "aof_enabled",
            "aof_last_write_status",
            "loading");

    private ServerFacts() {}

    static CompletionStage<Map<String, String>> of(Redis redis) {
        return redis.send(RedisCommand.of("INFO")).handle((reply, thrown) -> {
            if (thrown == null) {
                return read(Replies.text(reply));
            }
            if (Await.unwrap(thrown) instanceof RedisErrorException refused) {
                return Map.of("INFO", "may not be asked for, the right +info is missing: " + refused.getMessage());
            }
            throw new CompletionException(Await.unwrap(thrown));
        });
    }

    static Map<String, String> read(String info) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String line : info.split("\r?\n")) {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.startsWith("#")) {
                all.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        Map<String, String> facts = new LinkedHashMap<>();
        for (String name : WANTED) {
            if (all.containsKey(name)) {
                facts.put(name, all.get(name));
            }
        }
        return facts;
    }
}
