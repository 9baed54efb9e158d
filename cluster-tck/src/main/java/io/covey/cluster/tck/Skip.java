package io.covey.cluster.tck;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Leaves a test out where it has no meaning, and says so in one line. */
final class Skip {

    private Skip() {}

    static void unless(boolean possible, String what, String reason) {
        if (!possible) {
            System.out.println("Skipped " + what + ": " + reason);
        }
        assumeTrue(possible, reason);
    }
}
