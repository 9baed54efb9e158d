package io.covey.cluster.redis.operator;

/** Whether Redis deletes keys of its own accord when its memory is full. */
final class EvictionCheck implements Check {

    @Override
    public String name() {
        return "eviction";
    }

    @Override
    public void look(Landscape where, Findings findings) {
        for (Instance server : where.masters()) {
            String policy = server.info("maxmemory_policy");
            if (policy.isEmpty() || policy.equals("noeviction")) {
                continue;
            }
            boolean only = policy.startsWith("volatile-");
            findings.danger(
                    server.name(),
                    "maxmemory-policy is " + policy
                            + (server.infoNumber("maxmemory", 0) == 0 ? ", and counts once there is a maxmemory" : ""),
                    only
                            ? "when memory is full Redis deletes locks, ids that keep a task from being enqueued twice, and"
                                    + " notes: a lock may get a second holder, a repeat may run twice"
                            : "an accepted task is in one state at any time: when memory is full Redis deletes queues,"
                                    + " leases and members, and nobody is told",
                    "maxmemory-policy noeviction");
        }
    }
}
