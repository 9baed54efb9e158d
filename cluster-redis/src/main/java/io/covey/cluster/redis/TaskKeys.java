package io.covey.cluster.redis;

import io.covey.cluster.spi.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys of tasks. Those of resque have the names that every fleet gives them; ours stand beside each queue, in its
 * slot. {@code docs/redis-keys.md} has a line for each.
 */
final class TaskKeys {
    private static final int MOST_KNOWN = 10_000;

    private final String namespace;
    private final String resque;
    private final Map<String, Queue> queues = new ConcurrentHashMap<>();

    TaskKeys(Keys keys) {
        namespace = keys.namespace();
        resque = keys.taskNamespace() + ":";
    }

    /** The keys of a queue, whose name is checked. */
    Queue queue(String name) {
        Queue known = queues.get(name);
        if (known != null) {
            return known;
        }
        Names.check("queue", name);
        if (queues.size() >= MOST_KNOWN) {
            queues.clear();
        }
        return queues.computeIfAbsent(name, this::make);
    }

    private Queue make(String name) {
        String list = resque + "queue:" + name;
        String ours = ours("queue:" + name);
        List<String> all = List.of(
                list,
                ours + "redo",
                ours + "raw",
                ours + "meta",
                ours + "lease",
                ours + "lanes",
                ours + "clock",
                ours + "retry",
                ours + "last",
                ours + "dead",
                failed(),
                stat("failed"));
        List<String> full = new ArrayList<>(all);
        for (String own : List.of("keyed", "fair", "parked", "keys", "locks", "cancel", "delayed")) {
            full.add(ours + own);
        }
        return new Queue(name, all, List.copyOf(full), ours);
    }

    /** The prefix of what is ours alone beside a key of resque, in its slot. */
    String ours(String key) {
        return resque.startsWith("{")
                ? namespace + ":" + resque.replaceFirst("}:$", "}/") + key + "/"
                : namespace + ":{" + resque + key + "}/";
    }

    /** A key of resque that has no method of its own here. */
    String resque(String key) {
        return resque + key;
    }

    String queues() {
        return resque + "queues";
    }

    String failed() {
        return resque + "failed";
    }

    String stat(String what) {
        return resque + "stat:" + what;
    }

    String schedule() {
        return resque + "delayed_queue_schedule";
    }

    String delayed(String second) {
        return resque + "delayed:" + second;
    }

    /** The times at which a task is delayed; its bytes are part of the key. */
    String timestamps(String job) {
        return resque + "timestamps:" + job;
    }

    /** The lock of node-resque's QueueLock; the arguments are part of the key. */
    String mutex(String type, String queue, String args) {
        return resque + "lock:" + type + ":" + queue + ":" + args;
    }

    String leaderLock() {
        return resque + "resque_scheduler_leader_lock";
    }

    /** Ruby's scheduler puts the namespace twice. */
    String masterLock() {
        return resque + bare() + "resque_scheduler_master_lock";
    }

    /** What the locks hold while a scheduler of ours is at work: the same for all, so that any of us renews them. */
    String lockValue() {
        return "covey." + namespace + ":0";
    }

    private String bare() {
        return resque.startsWith("{") ? resque.substring(1).replaceFirst("}:$", ":") : resque;
    }

    /**
     * The keys of one queue.
     *
     * @param name its name
     * @param all in the order that the scripts know
     * @param full those and the ones of queues with keys, locks or cancelled tasks
     * @param ours the prefix of our keys
     */
    record Queue(String name, List<String> all, List<String> full, String ours) {

        /** What says for a time that this id was enqueued. */
        String marker(String id) {
            return ours + "dd:" + id;
        }

        String note(String id, String note) {
            return ours + "note:" + note.length() + ":" + note + ":" + id;
        }

        String list() {
            return all.get(0);
        }

        String redo() {
            return all.get(1);
        }

        String raw() {
            return all.get(2);
        }

        String meta() {
            return all.get(3);
        }

        String lanes() {
            return all.get(5);
        }

        String clock() {
            return all.get(6);
        }

        String retry() {
            return all.get(7);
        }

        String last() {
            return all.get(8);
        }

        String dead() {
            return all.get(9);
        }

        String keyed() {
            return full.get(12);
        }

        String fair() {
            return full.get(13);
        }

        String parked() {
            return full.get(14);
        }

        String locks() {
            return full.get(16);
        }

        String cancel() {
            return full.get(17);
        }

        String delayed() {
            return full.get(18);
        }

        /** What recurring tasks are, by name. */
        String schedules() {
            return ours + "schedules";
        }

        /** When recurring tasks are due. */
        String schedulesDue() {
            return ours + "due";
        }
    }
}
