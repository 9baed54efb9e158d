package io.covey.cluster.cli.chaos;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Random;

/** What {@code bin/chaos} was asked for. */
final class Asked {
    static final long SEED = Long.getLong("covey.chaos.seed", System.nanoTime() % 1_000_000);
    /** By what the times that are judged are multiplied: 1 on a machine that has nothing else to do. */
    static final int PATIENCE = Integer.getInteger("covey.chaos.patience", 3);

    private static final String ONLY = System.getProperty("covey.chaos.only", "");
    private static final String DRIVER = System.getProperty("covey.chaos.driver", "");

    private Asked() {}

    /** Skips the test if the command asked for others. */
    static void forCase(String name, String driver) {
        assumeTrue(ONLY.isEmpty() || name.contains(ONLY), "not asked for");
        assumeTrue(DRIVER.isEmpty() || driver.equals(DRIVER), "not asked for");
    }

    /** The choices of a case. */
    static Random random(String name) {
        return new Random(SEED * 31 + name.hashCode());
    }
}
