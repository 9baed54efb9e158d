package io.covey.cluster.redis.operator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.redis.KeyFamilies;
import io.covey.cluster.redis.KeyFamilies.Family;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Keys that belong to nobody any more, those of others, and one slot with most of them. */
final class KeyCheck implements Check {
    private static final int EXAMPLES = 3;
    private static final long MANY = 1000;

    /** Keys of one kind of trouble. */
    private static final class Pile {
        private long count;
        private final List<String> examples = new ArrayList<>();

        void add(String key) {
            count++;
            if (examples.size() < EXAMPLES) {
                examples.add(Reply.shown(key));
            }
        }

        @Override
        public String toString() {
            return count + " keys, such as " + String.join(", ", examples);
        }
    }

    private final long limit;

    /**
     * @param limit how many keys to look at on each server
     */
    KeyCheck(long limit) {
        this.limit = limit;
    }

    @Override
    public String name() {
        return "keys";
    }

    @Override
    public void look(Landscape where, Findings findings) {
        KeyFamilies families = where.families();
        Optional<Set<String>> members = SubscriptionCheck.members(where);
        Optional<Set<String>> queues = set(where, families.queues());
        Optional<Set<String>> workers = set(where, families.workers());
        Map<String, Pile> piles = new TreeMap<>();
        Map<Integer, Long> slots = new HashMap<>();
        long seen = 0;
        boolean all = true;
        for (Instance server : where.masters()) {
            Sweep sweep = new Sweep(server);
            long here = 0;
            Optional<List<byte[]>> page = sweep.next();
            while (page.isPresent() && here < limit) {
                here += page.get().size();
                List<byte[]> mustExpire = new ArrayList<>();
                for (byte[] name : page.get()) {
                    String key = new String(name, UTF_8);
                    Optional<Family> family = families.of(key);
                    family.filter(Family::expiring).ifPresent(one -> mustExpire.add(name));
                    trouble(families, key, family, members, queues, workers)
                            .ifPresent(pile -> piles.computeIfAbsent(pile, none -> new Pile())
                                    .add(key));
                    if (where.isCluster()) {
                        slots.merge(KeyFamilies.slot(key), 1L, Long::sum);
                    }
                }
                forEver(sweep, mustExpire, piles);
                page = sweep.next();
            }
            seen += here;
            all &= page.isEmpty();
        }
        tell(where, piles, seen, all, findings);
        hottest(where, slots, seen, findings);
        databases(where, findings);
    }

    private static final String UNKNOWN = "unknown";
    private static final String FOREIGN = "foreign";
    private static final String ROWS = "rows";
    private static final String QUEUE = "queue";
    private static final String LISTS = "lists";
    private static final String WORKER = "worker";
    private static final String FOR_EVER = "for ever";

    private static Optional<String> trouble(
            KeyFamilies families,
            String key,
            Optional<Family> family,
            Optional<Set<String>> members,
            Optional<Set<String>> queues,
            Optional<Set<String>> workers) {
        if (family.isEmpty()) {
            return Optional.of(families.isPrefixed(key) ? UNKNOWN : FOREIGN);
        }
        String about = family.get().about().orElse("");
        String label = family.get().label();
        if (label.equals("N:{members}/owned/")
                && members.isPresent()
                && !members.get().contains(about)) {
            return Optional.of(ROWS);
        }
        if (queues.isPresent() && !about.isEmpty() && !queues.get().contains(about)) {
            if (label.equals("R:queue:")) {
                return Optional.of(LISTS);
            }
            if (label.startsWith("T/") && !family.get().expiring()) {
                return Optional.of(QUEUE);
            }
        }
        boolean gone = label.equals("R:worker:")
                && workers.isPresent()
                && !about.startsWith("ping:")
                && !workers.get().contains(about.replaceFirst(":started$", ""));
        return gone ? Optional.of(WORKER) : Optional.empty();
    }

    private static void forEver(Sweep sweep, List<byte[]> mustExpire, Map<String, Pile> piles) {
        List<Object> times = sweep.ask(mustExpire, "PTTL");
        for (int i = 0; i < times.size(); i++) {
            if (times.get(i) instanceof Long time && time == -1) {
                piles.computeIfAbsent(FOR_EVER, none -> new Pile()).add(new String(mustExpire.get(i), UTF_8));
            }
        }
    }

    private static void tell(Landscape where, Map<String, Pile> piles, long seen, boolean all, Findings findings) {
        String server = where.uri().toString();
        piles.forEach((kind, pile) -> {
            switch (kind) {
                case FOREIGN ->
                    findings.info(
                            server,
                            "not ours: " + pile,
                            "a database or a server of its own: what others fill or flush is ours too, and maxmemory is shared");
                case UNKNOWN ->
                    findings.info(
                            server,
                            "under our prefixes, but of no family that this version knows: " + pile,
                            "other versions may have written them; else remove them by hand");
                case FOR_EVER ->
                    findings.warning(
                            server,
                            "ours that should have an expiry and have none: " + pile,
                            "a lock among them is held for ever; others take memory for ever. A restore or a PERSIST does this",
                            "PEXPIRE of each, or DEL");
                case ROWS ->
                    findings.warning(
                            server,
                            "rows of nodes that are gone: " + pile,
                            "a membership or a connection belongs to one incarnation and is gone with it: these still stand,"
                                    + " since nobody was left to bury their owners",
                            "start any node: it buries the dead; run doctor again then");
                case QUEUE ->
                    findings.warning(
                            server,
                            "of queues that are not registered: " + pile,
                            "tasks in them are listed nowhere and no worker of * finds them; what is left of a queue that was"
                                    + " removed by another tool takes memory",
                            "SADD " + where.families().queues() + " QUEUE to have them back, or UNLINK");
                case LISTS ->
                    findings.warning(
                            server,
                            "waiting tasks of queues that are not registered: " + pile,
                            "the tasks are there, but listed nowhere, and no worker of * finds them",
                            "SADD " + where.families().queues() + " QUEUE");
                default ->
                    findings.info(
                            server,
                            "of workers of other makes that are gone: " + pile,
                            "any worker of ours removes them after an hour");
            }
        });
        findings.info(server, seen + " keys looked at" + (all ? ", which is all" : "; there are more, see --keys"), "");
    }

    private static void hottest(Landscape where, Map<Integer, Long> slots, long seen, Findings findings) {
        slots.entrySet().stream().max(Map.Entry.comparingByValue()).ifPresent(slot -> {
            long keys = slot.getValue();
            if (seen > MANY && keys * 2 > seen) {
                boolean tasks =
                        slot.getKey() == KeyFamilies.slot(where.families().queues());
                findings.warning(
                        where.uri().toString(),
                        keys * 100 / seen + " % of the keys are in slot " + slot.getKey()
                                + (tasks ? ", that of the task queues" : ""),
                        "a slot is on one master: its memory and its one thread are the limit",
                        tasks
                                ? "another task namespace for some applications: each has a slot of its own"
                                : "names with other hash tags");
            }
        });
    }

    private static void databases(Landscape where, Findings findings) {
        if (where.isCluster()) {
            return;
        }
        Instance server = where.masters().get(0);
        String mine = "db" + where.uri().database();
        String others = server.info().entrySet().stream()
                .filter(field ->
                        field.getKey().matches("db[0-9]+") && !field.getKey().equals(mine))
                .map(field -> field.getKey() + " (" + field.getValue().replaceFirst(",.*", "") + ")")
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            findings.info(
                    server.name(),
                    "it is shared with other databases: " + others,
                    "a server of its own: memory, its one thread and FLUSHALL are shared");
        }
    }

    /** Of a set that one of the masters has. */
    private static Optional<Set<String>> set(Landscape where, String key) {
        for (Instance server : where.masters()) {
            Object answer =
                    server.askAll(List.of(RedisCommand.keyed("SMEMBERS", key))).get(0);
            if (!(answer instanceof RedisError)) {
                return Optional.of(Reply.list(answer).stream().map(Reply::text).collect(Collectors.toSet()));
            }
        }
        return Optional.empty();
    }
}
