package io.covey.cluster.redis.operator;

import io.covey.cluster.redis.driver.RedisUri.Topology;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a failover loses, and whether there is anybody to fail over to. */
final class ReplicationCheck implements Check {
    private static final long LATE_SECONDS = 10;
    private static final String FAILOVER = "a failover loses what the old master acknowledged and had not replicated";

    @Override
    public String name() {
        return "replication";
    }

    @Override
    public void look(Landscape where, Findings findings) {
        for (Instance server : where.masters()) {
            String role = server.info("role");
            if (role.isEmpty()) {
                continue;
            }
            if (!role.equals("master")) {
                findings.danger(
                        server.name(),
                        "it is a replica of " + server.info("master_host") + ":" + server.info("master_port"),
                        "every write is refused (READONLY)",
                        "write the master's address, or redis-sentinel://, into the URI");
                continue;
            }
            replicas(where, server, findings);
        }
    }

    private static void replicas(Landscape where, Instance server, Findings findings) {
        long count = server.infoNumber("connected_slaves", 0);
        boolean failsOver = where.uri().topology() != Topology.STANDALONE;
        if (count == 0) {
            if (failsOver) {
                findings.danger(
                        server.name(),
                        "this master has no replica",
                        "when it dies nobody can take its place, and what it has is away until it is back",
                        "a server with replicaof " + server.name().replace(':', ' ')
                                + (where.isCluster() ? " (CLUSTER REPLICATE)" : ""));
            } else {
                findings.info(
                        server.name(), "it has no replica: while it is away nothing goes on, and nothing is lost", "");
            }
        }
        for (int i = 0; i < count; i++) {
            replica(server, fields(server.info("slave" + i)), findings);
        }
        where.uri().replication().ifPresent(wanted -> {
            if (count < wanted.replicas()) {
                findings.danger(
                        server.name(),
                        "the URI wants replicas=" + wanted.replicas() + ", there are " + count,
                        "every enqueue ends with UnconfirmedException",
                        "more replicas, or replicas=" + count + " in the URI");
            }
        });
        least(server, count, failsOver, findings);
    }

    private static void replica(Instance server, Map<String, String> replica, Findings findings) {
        String name = replica.get("ip") + ":" + replica.get("port");
        long lag = Reply.number(replica.get("lag"), 0);
        if (!"online".equals(replica.get("state"))) {
            findings.warning(
                    server.name(),
                    "its replica " + name + " is " + replica.get("state"),
                    FAILOVER + ": all of it to this one",
                    "wait until it is online; if it never is, see client-output-buffer-limit replica and repl-timeout");
        } else if (lag > LATE_SECONDS) {
            findings.warning(
                    server.name(),
                    "its replica " + name + " was last heard of " + lag + " s ago",
                    FAILOVER + ": what it is behind",
                    "see the network and the disk of the replica; min-replicas-max-lag 10 bounds it");
        } else {
            long behind = server.infoNumber("master_repl_offset", 0) - Reply.number(replica.get("offset"), 0);
            long backlog = server.infoNumber("repl_backlog_size", Long.MAX_VALUE);
            if (behind > backlog) {
                findings.warning(
                        server.name(),
                        "its replica " + name + " is " + behind + " bytes behind, more than repl-backlog-size",
                        FAILOVER + "; after a short cut it has to copy everything again",
                        "repl-backlog-size " + Long.highestOneBit(behind) * 2);
            }
        }
    }

    private static void least(Instance server, long count, boolean failsOver, Findings findings) {
        long least = server.settingNumber("min-replicas-to-write", -1);
        if (least > count) {
            findings.danger(
                    server.name(),
                    "min-replicas-to-write is " + least + ", there are " + count,
                    "every write is refused (NOREPLICAS) until there are enough",
                    "more replicas, or min-replicas-to-write " + count);
        } else if (least == 0 && count > 0 && failsOver) {
            findings.warning(
                    server.name(),
                    "min-replicas-to-write is 0",
                    FAILOVER + ", as long as it was cut off if it lived on: a queue may then exist twice for a while",
                    "min-replicas-to-write 1, min-replicas-max-lag 10");
        }
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String part : text.split(",")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                fields.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        return fields;
    }
}
