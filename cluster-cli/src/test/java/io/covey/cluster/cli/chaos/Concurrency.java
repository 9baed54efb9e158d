package io.covey.cluster.cli.chaos;

import io.covey.cluster.cli.chaos.Ledger.Run;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * How many runs there were at once. A run lasts from its start until it was done or its process surely was dead, whichever
 * is first, and for ever if neither was: nothing else ends it. One that starts in the millisecond in which another ends
 * comes after it, since a place is free only once its end was written down and told.
 */
final class Concurrency {
    private Concurrency() {}

    /** A time at which one run begins or ends. */
    private record Edge(long at, int change) {}

    /** The most at any time. */
    static int most(Collection<Run> runs, List<Strike> kills) {
        List<Edge> edges = new ArrayList<>();
        for (Run run : runs) {
            long death = kills.stream()
                    .filter(kill -> kill.process().equals(run.process()))
                    .mapToLong(Strike::to)
                    .min()
                    .orElse(Long.MAX_VALUE);
            long end = Math.min(death, run.done().orElse(Long.MAX_VALUE));
            edges.add(new Edge(run.started(), 1));
            edges.add(new Edge(end, -1));
        }
        edges.sort(Comparator.comparingLong(Edge::at).thenComparingInt(Edge::change));
        int now = 0;
        int most = 0;
        for (Edge edge : edges) {
            now += edge.change();
            most = Math.max(most, now);
        }
        return most;
    }
}
