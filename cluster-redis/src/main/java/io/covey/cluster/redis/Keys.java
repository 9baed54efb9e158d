package io.covey.cluster.redis;

/**
 * The one place where keys and channels get their names. {@code docs/redis-keys.md} has a line for each.
 *
 * <p>Names cannot run into one another: a namespace has no slash and no brace, so what stands before the first slash
 * says whose key it is and of what kind. Pub/sub knows no databases, hence the number in the channels. What belongs to
 * one atomic step shares a hash tag.
 */
final class Keys {
    private final String namespace;
    private final String taskNamespace;
    private final String channels;

    /**
     * @param namespace the prefix of all that is ours alone
     * @param taskNamespace the prefix of the task queues, perhaps in braces
     * @param database the number of the database, 0 on a cluster
     * @param cluster whether it is Redis Cluster, where the task namespace gets braces: its keys must share one slot
     */
    Keys(String namespace, String taskNamespace, int database, boolean cluster) {
        this.namespace = namespace;
        this.taskNamespace = cluster && !taskNamespace.startsWith("{") ? "{" + taskNamespace + "}" : taskNamespace;
        this.channels = namespace + ":" + database + ":";
    }

    String namespace() {
        return namespace;
    }

    String taskNamespace() {
        return taskNamespace;
    }

    /** The entry of a cache key; with a prefix of keys, the prefix of their entries. */
    String cache(String key) {
        return namespace + ":cache/" + key;
    }

    String counters(String name) {
        return namespace + ":{counters/" + name + "}";
    }

    String counterLane(String name, String lane) {
        return counters(name) + "/lane/" + lane;
    }

    String list(String name) {
        return namespace + ":{list/" + name + "}";
    }

    String listLane(String name, String lane) {
        return list(name) + "/lane/" + lane;
    }

    String lock(String name) {
        return namespace + ":{lock/" + name + "}";
    }

    String lockFence(String name) {
        return lock(name) + "/fence";
    }

    String semaphore(String name) {
        return namespace + ":{semaphore/" + name + "}";
    }

    String members() {
        return namespace + ":{members}";
    }

    String membersLate() {
        return members() + "/late";
    }

    String membersClock() {
        return members() + "/clock";
    }

    String rows(String group) {
        return members() + "/rows/" + group;
    }

    String groups() {
        return members() + "/groups";
    }

    String owned(String owner) {
        return members() + "/owned/" + owner;
    }

    /**
     * The history of a channel name of the bus, which starts with a slash. In the slot of the channel itself, so that on a
     * cluster what is published with a history and without goes through the same server and stays in order.
     */
    String history(String channel) {
        return namespace + ":history/{" + channel(channel) + "}";
    }

    /** The channel of a channel name of the bus, which starts with a slash; with a prefix of names, their prefix. */
    String channel(String name) {
        return channels + name;
    }

    /** The bus' name of a channel. */
    String channelName(String channel) {
        return channel.substring(channels.length());
    }

    /** What the channels begin with where links hear themselves; no slash follows, so that no user of the bus can name it. */
    String heartbeatChannels() {
        return channels + "!link/";
    }

    /** What sharded channels of a slot begin with. */
    String shard(int number) {
        return channels + shardTag(number);
    }

    String shardHeartbeatChannels(int number) {
        return shard(number) + "!link/";
    }

    String shardHistory(int number, String channel) {
        return namespace + ":" + shardTag(number) + "/history" + channel;
    }

    private static String shardTag(int number) {
        return "{shard/" + number + "}";
    }

    String lockChannel(String name) {
        return channels + "!lock/" + name;
    }

    String semaphoreChannel(String name) {
        return channels + "!semaphore/" + name;
    }

    /** Escapes what a Redis glob gives a meaning to. */
    static String glob(String literal) {
        StringBuilder escaped = new StringBuilder(literal.length());
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if ("*?[]^-\\".indexOf(c) >= 0) {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }
}
