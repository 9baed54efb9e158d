package io.covey.cluster.redis.operator;

import java.util.Map;

/** Slots that nobody serves, and masters that have much more than the others. */
final class ClusterCheck implements Check {
    private static final long SLOTS = 16_384;
    private static final long MANY = 10_000;

    @Override
    public String name() {
        return "slots";
    }

    @Override
    public void look(Landscape where, Findings findings) {
        if (!where.isCluster()) {
            return;
        }
        Instance first = where.masters().get(0);
        Map<String, String> info = first.ask("CLUSTER", "INFO")
                .map(Reply::verbatim)
                .map(Reply::lines)
                .orElse(Map.of());
        if (!info.isEmpty()) {
            covered(first, info, findings);
        }
        if (first.setting("cluster-require-full-coverage").orElse("no").equals("yes")) {
            findings.warning(
                    first.name(),
                    "cluster-require-full-coverage is yes",
                    "when one master and its replicas are away, the queues of all others stand still too",
                    "cluster-require-full-coverage no");
        }
        if (where.masters().size() < 3) {
            findings.warning(
                    where.uri().toString(),
                    "only " + where.masters().size() + " masters can be reached",
                    "with fewer than three nobody can be elected when one dies",
                    "three masters at least");
        }
        balance(where, findings);
    }

    private static void covered(Instance first, Map<String, String> info, Findings findings) {
        long served = Reply.number(info.get("cluster_slots_ok"), SLOTS);
        long assigned = Reply.number(info.get("cluster_slots_assigned"), SLOTS);
        if (assigned < SLOTS) {
            findings.danger(
                    first.name(),
                    SLOTS - assigned + " of " + SLOTS + " slots have no master",
                    "what is in them is refused (CLUSTERDOWN)",
                    "redis-cli --cluster fix");
        } else if (served < SLOTS) {
            findings.danger(
                    first.name(),
                    SLOTS - served + " of " + SLOTS + " slots are on masters that do not answer",
                    "what is in them is refused (CLUSTERDOWN) until a replica takes over",
                    "see CLUSTER NODES for the ones marked fail");
        }
        if (!info.getOrDefault("cluster_state", "ok").equals("ok")) {
            findings.danger(
                    first.name(),
                    "cluster_state is " + info.get("cluster_state"),
                    "every write is refused (CLUSTERDOWN)",
                    "redis-cli --cluster check");
        }
    }

    private static void balance(Landscape where, Findings findings) {
        long all = 0;
        long most = 0;
        String fullest = "";
        for (Instance server : where.masters()) {
            long keys = Reply.number(server.ask("DBSIZE").orElse(0L), 0);
            all += keys;
            if (keys > most) {
                most = keys;
                fullest = server.name();
            }
        }
        int masters = where.masters().size();
        if (all > MANY && masters > 1 && most * masters > all * 2) {
            findings.warning(
                    fullest,
                    "it has " + most * 100 / all + " % of all keys, as one of " + masters + " masters",
                    "its memory and its one thread are the limit of the cluster",
                    "redis-cli --cluster rebalance; keys with one tag cannot be spread: see the hottest slot");
        }
    }
}
