package io.covey.cluster.redis.operator;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Whether the sentinels would agree on a new master, and how soon. */
final class SentinelCheck implements Check {
    private static final long SLOW_MILLIS = 30_000;
    private static final long HASTY_MILLIS = 1000;

    @Override
    public String name() {
        return "sentinel";
    }

    @Override
    public void look(Landscape where, Findings findings) {
        Set<String> named = new TreeSet<>();
        for (Instance sentinel : where.sentinels()) {
            Map<String, String> seen = where.asSeenBy(sentinel);
            if (!seen.isEmpty()) {
                named.add(seen.get("ip") + ":" + seen.get("port"));
                judge(where, sentinel, seen, findings);
            }
        }
        if (named.size() > 1) {
            findings.danger(
                    where.uri().toString(),
                    "the sentinels name different masters: " + String.join(" and ", named),
                    "nodes write to two masters: the writes to one of them will be lost",
                    "SENTINEL RESET " + Reply.shown(where.master()) + " on those that are wrong, one after the other");
        }
    }

    private static void judge(Landscape where, Instance sentinel, Map<String, String> seen, Findings findings) {
        long all = Reply.number(seen.get("num-other-sentinels"), 0) + 1;
        long quorum = Reply.number(seen.get("quorum"), 0);
        String master = Reply.shown(where.master());
        if (all < 3) {
            findings.warning(
                    sentinel.name(),
                    "it knows of " + all + " sentinels in all",
                    "when the machine of one of them dies with the master on it nobody can be elected",
                    "three sentinels on three machines");
        }
        if (quorum > all || quorum < 1) {
            findings.danger(
                    sentinel.name(),
                    "the quorum is " + quorum + " of " + all + " sentinels",
                    "a master that dies is never replaced",
                    "sentinel monitor " + master + " HOST PORT " + (all / 2 + 1));
        } else if (quorum <= all / 2 && all > 1) {
            findings.warning(
                    sentinel.name(),
                    "the quorum is " + quorum + " of " + all + " sentinels",
                    "a few that are cut off begin failovers of a master that others still reach; " + FEW,
                    "sentinel monitor " + master + " HOST PORT " + (all / 2 + 1));
        }
        long after = Reply.number(seen.get("down-after-milliseconds"), SLOW_MILLIS);
        if (after >= SLOW_MILLIS) {
            findings.warning(
                    sentinel.name(),
                    "down-after-milliseconds is " + after,
                    "for so long nothing goes on after the master's death; leases stand still, so nothing is run twice",
                    "sentinel down-after-milliseconds " + master + " 5000");
        } else if (after < HASTY_MILLIS) {
            findings.warning(
                    sentinel.name(),
                    "down-after-milliseconds is " + after,
                    "a pause of the master or of its network is taken for its death, and each failover may lose writes",
                    "sentinel down-after-milliseconds " + master + " 5000");
        }
        String flags = seen.getOrDefault("flags", "");
        if (flags.contains("down")) {
            findings.danger(
                    sentinel.name(),
                    "it takes the master for dead (" + Reply.shown(flags) + ")",
                    "writes are refused until another is elected",
                    "see the sentinel's log");
        }
        if (Reply.number(seen.get("num-slaves"), 0) == 0) {
            findings.danger(
                    sentinel.name(),
                    "it knows of no replica",
                    "a master that dies cannot be replaced",
                    "a server with replicaof the master");
        }
    }

    private static final String FEW = "most still have to vote for it";
}
