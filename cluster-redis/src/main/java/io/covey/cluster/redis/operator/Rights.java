package io.covey.cluster.redis.operator;

import io.covey.cluster.spi.ChannelPattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a user of Redis must be allowed to do, and nothing else, as rules of {@code ACL SETUSER}: the one place that knows. The
 * contract tests of all stores, of the bus and of the tasks run as {@link Role#APPLICATION}.
 *
 * @param role what the user is for
 * @param namespace of the cluster's keys and channels
 * @param taskNamespace of the task queues; gets braces on Redis Cluster
 * @param database the number in the URI and in the names of the channels
 * @param cluster whether it is Redis Cluster
 * @param topics patterns of topics that are subscribed to, such as {@code /chat/*}, since Redis wants a pattern to be allowed as
 *     it stands; of a {@link Role#CLIENT} all that it may use
 */
public record Rights(
        Role role, String namespace, String taskNamespace, int database, boolean cluster, List<String> topics) {

    /** What a user is for. */
    public enum Role {
        /** A node that uses everything there is. */
        APPLICATION,
        /** A node that runs tasks, enqueues more, calls and is called; no caches, lists, counters, locks or histories. */
        WORKER,
        /**
         * Looks at everything but the server's settings, with which it would see {@code requirepass}, and changes nothing but
         * the table of members, of which it is one: a dashboard, {@code doctor}, {@code keys}.
         */
        READER,
        /** No node: publishes and hears some topics, from any language, and reaches no key and no secured channel. */
        CLIENT
    }

    /** Of {@link Role#APPLICATION}, as {@code docs/redis-keys.md} has them. */
    public static final String APPLICATION_COMMANDS = """
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

    private static final String CONNECTION = "+hello +auth +ping +role +time +asking +cluster|slots";

    private static final String READING = "+exists +type +scan +pttl +get +getrange +mget +strlen"
            + " +hget +hexists +hgetall +hlen +hmget +hscan +lindex +llen +lpos +lrange"
            + " +scard +sismember +smembers +srandmember"
            + " +zcard +zcount +zmscore +zrange +zrangebylex +zrangebyscore +zscore +xlen +xrange +xrevrange";

    private static final String TASKS = "+wait +client|tracking +eval +evalsha"
            + " +exists +type +del +unlink +scan +pexpire +persist +pttl +get +set +incrby"
            + " +hget +hset +hdel +hexists +hgetall +hincrby +hlen +hmget +hscan"
            + " +lindex +llen +lpop +lpos +lpush +lrange +lrem +lset +ltrim +rpop +rpush"
            + " +sadd +scard +sismember +smembers +srandmember +srem"
            + " +zadd +zcard +zcount +zmscore +zrange +zrangebylex +zrangebyscore +zrem +zremrangebyrank"
            + " +zremrangebyscore +zscore +zunionstore";

    private static final String MESSAGES = "+publish +subscribe +unsubscribe +psubscribe +punsubscribe";
    private static final String SHARDED = "+spublish +ssubscribe +sunsubscribe";

    /** What {@code doctor} and {@code keys} look at. */
    private static final String INSPECTION = "+info +slowlog|get +memory|usage +dbsize +pubsub|channels"
            + " +pubsub|numsub +pubsub|shardchannels +acl|whoami +command|info +cluster|info +cluster|nodes";

    private static final String SECURED = "/cluster";

    /** Copies the topics and checks them. */
    public Rights {
        topics = List.copyOf(topics);
        for (String topic : topics) {
            ChannelPattern pattern = new ChannelPattern(topic);
            if (role == Role.CLIENT && reachesSecured(pattern)) {
                throw new IllegalArgumentException("A client must not reach the secured channels below " + SECURED
                        + ", the topic " + topic + " does: give it topics of its own, such as /app/*");
            }
        }
        if (role == Role.CLIENT && topics.isEmpty()) {
            throw new IllegalArgumentException("A client needs topics that it may use, such as /app/*");
        }
    }

    private static boolean reachesSecured(ChannelPattern pattern) {
        String prefix = pattern.prefix();
        return pattern.isExact()
                ? prefix.equals(SECURED) || prefix.startsWith(SECURED + "/")
                : (SECURED + "/").startsWith(prefix) || prefix.startsWith(SECURED + "/");
    }

    /**
     * The rules after the user's name and password, for a server of any version that is supported.
     *
     * @param sevenOrNewer whether it is Redis 7.0 or newer, or Valkey: older ones have neither sharded channels nor selectors
     * @return rules of {@code ACL SETUSER} in the order in which they count
     */
    public List<String> rules(boolean sevenOrNewer) {
        List<String> rules = new ArrayList<>(List.of("resetkeys"));
        rules.addAll(keys());
        rules.add("resetchannels");
        rules.addAll(channels());
        rules.add("-@all");
        rules.addAll(words(commands()));
        if (database != 0 && role != Role.CLIENT) {
            rules.add("+select");
        }
        if (!sevenOrNewer) {
            rules.removeAll(words(SHARDED));
            rules.remove("+pubsub|shardchannels");
        } else if (role == Role.READER) {
            rules.add("(~" + namespace + ":{members}* +del +hset +hdel +hincrby +sadd +srem +zadd +zrem)");
        }
        return rules;
    }

    private List<String> keys() {
        String tasks = cluster && !taskNamespace.startsWith("{") ? "{" + taskNamespace + "}" : taskNamespace;
        return switch (role) {
            case APPLICATION, READER -> List.of("~" + namespace + ":*", "~" + tasks + ":*");
            case WORKER ->
                List.of(
                        "~" + namespace + ":{members}*",
                        "~" + namespace + ":" + (tasks.startsWith("{") ? tasks + "/*" : "{" + tasks + ":*"),
                        "~" + tasks + ":*");
            case CLIENT -> List.of();
        };
    }

    private List<String> channels() {
        String prefix = "&" + namespace + ":" + database + ":";
        List<String> channels = new ArrayList<>();
        switch (role) {
            case APPLICATION -> channels.add(prefix + "*");
            case WORKER -> channels.addAll(List.of(prefix + "/*", prefix + "!link/*", prefix + "{shard/*"));
            case READER -> channels.addAll(List.of(prefix + SECURED + "/*", prefix + "!link/*", prefix + "{shard/*"));
            case CLIENT -> {}
        }
        for (String topic : topics) {
            ChannelPattern pattern = new ChannelPattern(topic);
            channels.add(prefix + pattern.prefix() + (pattern.isExact() ? "" : "*"));
        }
        return channels;
    }

    private String commands() {
        return switch (role) {
            case APPLICATION -> APPLICATION_COMMANDS;
            case WORKER -> String.join(" ", CONNECTION, TASKS, MESSAGES, SHARDED);
            case READER -> String.join(" ", CONNECTION, "+eval +evalsha", READING, MESSAGES, SHARDED, INSPECTION);
            case CLIENT -> "+hello +auth +ping " + MESSAGES;
        };
    }

    private static List<String> words(String text) {
        return Arrays.asList(text.strip().split("\\s+"));
    }

    /**
     * What the rules cannot say on such a server.
     *
     * @param sevenOrNewer as for {@link #rules}
     * @return sentences for whoever reads the rules; often none
     */
    public List<String> remarks(boolean sevenOrNewer) {
        List<String> remarks = new ArrayList<>();
        if (!sevenOrNewer && role == Role.READER) {
            remarks.add(
                    "Redis 6.2 has no selectors: this user cannot be a member of the cluster, which a dashboard and most"
                            + " commands are; doctor and keys work");
        }
        if (role == Role.READER) {
            remarks.add(
                    "doctor judges the settings with +config|get, which shows requirepass and masterauth as well: it is left"
                            + " out, add it for people who may know them");
        }
        if (!sevenOrNewer && (role == Role.APPLICATION || role == Role.WORKER)) {
            remarks.add("Redis 6.2 has no sharded channels: spublish, ssubscribe and sunsubscribe are left out");
        }
        if (role == Role.CLIENT) {
            remarks.add(
                    "If Builder.secured names more channels than " + SECURED + ", see that no topic here reaches them");
        }
        return remarks;
    }
}
