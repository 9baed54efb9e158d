package io.covey.cluster.redis;

import io.covey.cluster.Cache;
import io.covey.cluster.ClusterException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How soon a reader was right.
 *
 * @param lastWrong when it last read an older value, in milliseconds after the time counted from; 0 if never
 * @param firstRight when it first read the right one
 */
record Rightness(double lastWrong, double firstRight) {

    /** Reads until the value is there. */
    static Rightness of(Cache<Long> reader, String key, long expected, long since) {
        double[] wrong = new double[1];
        double[] right = new double[1];
        NearFleet.eventually().until(() -> {
            // without a pause, or what is measured is the pause
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
            while (System.nanoTime() < end) {
                try {
                    Optional<Long> read = reader.get(key);
                    double at = (System.nanoTime() - since) / 1e6;
                    if (read.equals(Optional.of(expected))) {
                        right[0] = at;
                        return true;
                    }
                    wrong[0] = at;
                } catch (ClusterException e) {
                    // not wrong
                }
            }
            return false;
        });
        return new Rightness(wrong[0], right[0]);
    }

    Rightness worse(Rightness other) {
        return new Rightness(Math.max(lastWrong, other.lastWrong), Math.max(firstRight, other.firstRight));
    }

    @Override
    public String toString() {
        return String.format("last wrong read after %.1f ms, first right one after %.1f ms", lastWrong, firstRight);
    }
}
