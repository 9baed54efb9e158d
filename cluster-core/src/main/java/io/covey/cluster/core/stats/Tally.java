package io.covey.cluster.core.stats;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;

/**
 * What was counted under one name and is not written yet. One that nobody uses is closed and forgotten: who adds at that
 * very moment is told and takes back what came too late.
 */
final class Tally {
    private final LongAdder sum = new LongAdder();
    private volatile boolean closed;

    /**
     * Adds.
     *
     * @return what of this and of others came after the end and has to be added elsewhere; 0 as a rule
     */
    long add(long delta) {
        sum.add(delta);
        // either we see that it is closed, or who closes it sees what we have added
        VarHandle.fullFence();
        return closed ? sum.sumThenReset() : 0;
    }

    long take() {
        return sum.sumThenReset();
    }

    /**
     * Ends it; it must not be found by anybody any more.
     *
     * @return what was left
     */
    long close() {
        closed = true;
        VarHandle.fullFence();
        return sum.sumThenReset();
    }
}
