package io.covey.cluster.redis;

import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.TransportConfig;
import java.util.ArrayList;
import java.util.List;

/** A user of Redis who may do what an application needs, and nothing else: the contracts run as this one. */
final class AppUser {
    /** The commands that docs/redis-keys.md tells administrators to allow. */
    static final String COMMANDS = """
            +hello +auth +ping +role +time +wait +asking +cluster|slots +client|tracking +eval +evalsha
            +exists +type +del +unlink +scan +pexpire +persist +pttl
            +get +getex +getrange +mget +set +incrby
            +hget +hset +hdel +hexists +hgetall +hincrby +hlen +hmget +hscan
            +lindex +llen +lpop +lpos +lpush +lrange +lrem +lset +ltrim +rpop +rpush
            +sadd +scard +sismember +smembers +srandmember +srem
            +zadd +zcard +zcount +zmscore +zrange +zrangebylex +zrangebyscore +zrem +zremrangebyrank +zremrangebyscore
            +zscore +zunionstore
            +xadd +xlen +xrange +xrevrange +xtrim
            +publish +subscribe +unsubscribe +psubscribe +punsubscribe +spublish +ssubscribe +sunsubscribe
            """;

    private static final String PASSWORD = "s3cret";

    private AppUser() {}

    /** Makes the user of a namespace, who has its name and may use all channels, and says how to connect as this one. */
    static TransportConfig of(TransportConfig config, List<RedisServer> servers) {
        return of(config, servers, "*");
    }

    /** The same with the channels that match a glob; to subscribe to a pattern Redis wants that pattern itself. */
    static TransportConfig of(TransportConfig config, List<RedisServer> servers, String channels) {
        List<String> words = new ArrayList<>(List.of(
                "ACL",
                "SETUSER",
                config.namespace(),
                "on",
                ">" + PASSWORD,
                "resetkeys",
                "~" + config.namespace() + ":*",
                "~" + config.taskNamespace() + ":*",
                "~{" + config.taskNamespace() + "}:*",
                "resetchannels",
                "&" + channels,
                "-@all"));
        words.addAll(List.of(COMMANDS.strip().split("\\s+")));
        if (!servers.get(0).command("COMMAND", "INFO", "spublish").contains("spublish")) {
            words.removeAll(List.of("+spublish", "+ssubscribe", "+sunsubscribe")); // Redis 6.2
        }
        servers.forEach(server -> server.command(words.toArray(String[]::new)));
        return new TransportConfig(
                config.uri().replaceFirst("://", "://" + config.namespace() + ":" + PASSWORD + "@"),
                config.namespace(),
                config.taskNamespace(),
                config.connectTimeout(),
                config.commandTimeout());
    }
}
