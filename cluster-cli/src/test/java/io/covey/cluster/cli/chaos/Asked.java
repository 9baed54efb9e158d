package io.covey.cluster.cli.chaos;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** What {@code bin/chaos} was asked for. */
final class Asked {
    static final long SEED = Long.getLong("covey.chaos.seed", System.nanoTime() % 1_000_000);
    /** By what the times that are judged are multiplied: 1 on a machine that has nothing else to do. */
    static final int PATIENCE = Integer.getInteger("covey.chaos.patience", 3);

    static final Set<String> CASES = Set.of(
            "assert-mine",
            "cluster-kill",
            "cut",
            "key-limit",
            "kill",
            "limit",
            "news-half-open",
            "news-kill",
            "news-redis-kill",
            "node-resque",
            "once",
            "out-of-memory",
            "pause",
            "poison",
            "promote",
            "rate",
            "redis-kill",
            "redis-pause",
            "reset",
            "rolling",
            "rpc-cut",
            "rpc-kill",
            "rpc-kill-holder",
            "rpc-redis-kill",
            "rpc-rolling",
            "rpc-stop",
            "rpc-token",
            "rpc-twenty",
            "same-name",
            "sentinel-kill");

    private static final String ONLY = System.getProperty("covey.chaos.only", "");
    private static final String DRIVER = System.getProperty("covey.chaos.driver", "");

    private Asked() {}

    /** Skips the test if the command asked for others. */
    static void forCase(String name, String driver) {
        assumeTrue(matches(name, ONLY), "not asked for");
        assumeTrue(DRIVER.isEmpty() || driver.equals(DRIVER), "not asked for");
    }

    /**
     * Whether a case is asked for: the one of that name, or if there is none those whose names contain it.
     *
     * @throws IllegalArgumentException if the case is not among the {@link #CASES}, or none is asked for
     */
    static boolean matches(String name, String only) {
        if (!CASES.contains(name)) {
            throw new IllegalArgumentException("Case " + name + " is not among the known ones, " + CASES);
        }
        if (CASES.stream().noneMatch(known -> known.contains(only))) {
            throw new IllegalArgumentException("--only " + only + " names no case; there are " + new TreeSet<>(CASES));
        }
        return CASES.contains(only) ? name.equals(only) : name.contains(only);
    }

    /** The choices of a case. */
    static Random random(String name) {
        return new Random(SEED * 31 + name.hashCode());
    }
}
