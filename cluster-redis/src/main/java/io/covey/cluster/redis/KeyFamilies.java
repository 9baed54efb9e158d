package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.HashSlots;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells to which of the families of {@code docs/redis-keys.md} a key belongs, for those who look after a server: the opposite of
 * the classes that give keys their names.
 */
public final class KeyFamilies {

    /**
     * What a key is.
     *
     * @param label the family as the documentation writes it, such as {@code T/raw}
     * @param about the name in the key, such as that of its cache or queue; empty if the key has none
     * @param expiring whether every key of the family has an expiry
     */
    public record Family(String label, Optional<String> about, boolean expiring) {}

    private record Shape(String label, boolean expiring, Pattern pattern) {}

    private static final boolean EXPIRES = true;
    private static final boolean STAYS = false;

    private final List<Shape> shapes = new ArrayList<>();
    private final String namespace;
    private final String taskNamespace;

    private KeyFamilies(String namespace, String taskNamespace) {
        this.namespace = namespace;
        this.taskNamespace = taskNamespace;
        ours(Pattern.quote(namespace + ":"));
        String bare = taskNamespace.replaceAll("[{}]", "");
        String tasks = taskNamespace.startsWith("{")
                ? Pattern.quote(namespace + ":" + taskNamespace + "/") + "%s/"
                : Pattern.quote(namespace + ":{" + taskNamespace + ":") + "%s\\}/";
        besideQueues(tasks.formatted("queue:(.+)"));
        add("O records", STAYS, tasks.formatted("workers") + "records");
        add("O swept", EXPIRES, tasks.formatted("workers") + "swept");
        resque(Pattern.quote(taskNamespace + ":"), Pattern.quote(bare + ":"));
        add("actionhero", STAYS, "actionhero:(?:cache|lock|stats|chatRoom).*|\\{actionhero:stats\\}/covey/.*");
    }

    /**
     * The families of a cluster's keys.
     *
     * @param namespace of what is ours alone
     * @param taskNamespace of the task queues, perhaps in braces
     * @param cluster whether it is Redis Cluster
     */
    public static KeyFamilies of(String namespace, String taskNamespace, boolean cluster) {
        Keys keys = new Keys(namespace, taskNamespace, 0, cluster);
        return new KeyFamilies(keys.namespace(), keys.taskNamespace());
    }

    private void ours(String n) {
        add("N:cache/CACHE!/", EXPIRES, n + "cache/([^/]*)!/.*");
        add("N:cache/", STAYS, n + "cache/([^/]*)/.*");
        add("N:cache/", STAYS, n + "cache/.*");
        add("N:{counters}/lane/", EXPIRES, n + "\\{counters/(.+)\\}/lane/.*");
        add("N:{counters}", STAYS, n + "\\{counters/(.+)\\}");
        add("N:{list}/lane/", EXPIRES, n + "\\{list/(.+)\\}/lane/.*");
        add("N:{list}", STAYS, n + "\\{list/(.+)\\}");
        add("N:{lock}/fence", EXPIRES, n + "\\{lock/(.+)\\}/fence");
        add("N:{lock}", EXPIRES, n + "\\{lock/(.+)\\}");
        add("N:{semaphore}", EXPIRES, n + "\\{semaphore/(.+)\\}");
        add("N:{members}/owned/", STAYS, n + "\\{members\\}/owned/(.+)");
        add("N:{members}/rows/", STAYS, n + "\\{members\\}/rows/(.+)");
        add("N:{members}", STAYS, n + "\\{members\\}(?:/late|/clock|/groups)?");
        String channel = "history/\\{" + n + "[0-9]+:(/.+)\\}";
        add("N:history/head", EXPIRES, n + "(?:" + channel + "|\\{shard/[0-9]+\\}/history(?:/.+))/head");
        add("N:history/", EXPIRES, n + "(?:" + channel + "|\\{shard/[0-9]+\\}/history(?:/.+))");
    }

    private void besideQueues(String t) {
        add("T/dd:", EXPIRES, t + "dd:.*");
        add("T/note:", EXPIRES, t + "note:.*");
        for (String one : List.of(
                "raw",
                "meta",
                "lease",
                "redo",
                "last",
                "retry",
                "delayed",
                "keyed",
                "fair",
                "parked",
                "keys",
                "locks",
                "cancel",
                "lanes",
                "clock",
                "dead",
                "schedules",
                "due")) {
            add("T/" + one, STAYS, t + one);
        }
    }

    private void resque(String r, String bare) {
        add("R:queue:", STAYS, r + "queue:(.*)");
        add("R:queues", STAYS, r + "queues");
        add("R:failed", STAYS, r + "failed");
        add("R:stat:", STAYS, r + "stat:.*");
        add("R:delayed_queue_schedule", STAYS, r + "delayed_queue_schedule");
        add("R:delayed:", STAYS, r + "delayed:.*");
        add("R:timestamps:", STAYS, r + "timestamps:.*");
        add("R:resque_scheduler_leader_lock", EXPIRES, r + "resque_scheduler_leader_lock");
        add("R:R:resque_scheduler_master_lock", EXPIRES, r + bare + "resque_scheduler_master_lock");
        add("R:workerslock:", EXPIRES, r + "workerslock:.*");
        add("R:lock:", EXPIRES, r + "lock:.*");
        add("R:resque-retry", EXPIRES, r + "(?:failure-)?resque-retry:.*");
        add("R:worker:", STAYS, r + "worker:(.+)");
        add("R:workers", STAYS, r + "workers(?::heartbeat)?");
        add("R:connection_test_key", STAYS, r + "connection_test_key");
    }

    private void add(String label, boolean expiring, String pattern) {
        shapes.add(new Shape(label, expiring, Pattern.compile(pattern, Pattern.DOTALL)));
    }

    /**
     * Looks a key up.
     *
     * @param key any key of the server
     * @return empty if no key of ours or of resque's is called so
     */
    public Optional<Family> of(String key) {
        for (Shape shape : shapes) {
            Matcher matcher = shape.pattern.matcher(key);
            if (matcher.matches()) {
                Optional<String> about =
                        matcher.groupCount() == 0 ? Optional.empty() : Optional.ofNullable(matcher.group(1));
                return Optional.of(new Family(shape.label, about, shape.expiring));
            }
        }
        return Optional.empty();
    }

    /**
     * Whether a key has one of our prefixes, of a known family or not.
     *
     * @param key any key of the server
     * @return whether its name is ours to give
     */
    public boolean isPrefixed(String key) {
        return key.startsWith(namespace + ":") || key.startsWith(taskNamespace + ":");
    }

    /**
     * Where Redis Cluster has a key.
     *
     * @param key any key
     * @return its slot
     */
    public static int slot(String key) {
        return HashSlots.of(key);
    }

    /**
     * The owners of the cluster's rows.
     *
     * @return the key of a zset of the members that live
     */
    public String members() {
        return namespace + ":{members}";
    }

    /**
     * The queues that there are.
     *
     * @return the key of a set of their names
     */
    public String queues() {
        return taskNamespace + ":queues";
    }

    /**
     * The workers that there are.
     *
     * @return the key of a set of their members
     */
    public String workers() {
        return taskNamespace + ":workers";
    }
}
