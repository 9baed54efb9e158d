package io.covey.cluster.redis.operator;

import java.util.List;
import java.util.Optional;

/** How far the clocks of the servers are from this machine's, and from one another's. */
final class ClockCheck implements Check {
    private static final int ROUNDS = 5;
    private static final long NOTABLE_MILLIS = 1000;

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public void look(Landscape where, Findings findings) {
        long earliest = Long.MAX_VALUE;
        long latest = Long.MIN_VALUE;
        for (Instance server : where.masters()) {
            Optional<Offset> found = offset(server);
            if (found.isEmpty()) {
                continue;
            }
            Offset offset = found.get();
            earliest = Math.min(earliest, offset.millis);
            latest = Math.max(latest, offset.millis);
            String what =
                    "its clock is " + Math.abs(offset.millis) + " ms " + (offset.millis < 0 ? "behind" : "ahead of")
                            + " this machine's (give or take " + offset.error + " ms)";
            if (Math.abs(offset.millis) > NOTABLE_MILLIS + offset.error) {
                findings.warning(
                        server.name(),
                        what,
                        "nothing that is promised: Redis's time counts everywhere. Times that people compare, in logs and for"
                                + " tasks at a time of day, are off by that",
                        "chrony or ntpd on both machines");
            } else {
                findings.info(server.name(), what, "");
            }
        }
        if (latest > earliest && latest - earliest > NOTABLE_MILLIS) {
            findings.warning(
                    where.uri().toString(),
                    "the clocks of its masters are " + (latest - earliest) + " ms apart",
                    "after a slot has moved or a failover to a server that is behind, leases of locks end later or earlier",
                    "chrony or ntpd on all of them");
        }
    }

    private record Offset(long millis, long error) {}

    /** By the quickest of some questions, as NTP does. */
    private static Optional<Offset> offset(Instance server) {
        Offset best = null;
        for (int i = 0; i < ROUNDS; i++) {
            long before = System.currentTimeMillis();
            long start = System.nanoTime();
            Optional<Object> answer = server.ask("TIME");
            long took = (System.nanoTime() - start) / 1_000_000;
            if (answer.isEmpty()) {
                return Optional.empty();
            }
            List<?> parts = Reply.list(answer.get());
            long there = Reply.number(parts.get(0), 0) * 1000 + Reply.number(parts.get(1), 0) / 1000;
            Offset offset = new Offset(there - before - took / 2, took / 2 + 1);
            if (best == null || offset.error < best.error) {
                best = offset;
            }
        }
        return Optional.ofNullable(best);
    }
}
