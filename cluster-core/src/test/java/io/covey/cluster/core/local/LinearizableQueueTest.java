package io.covey.cluster.core.local;

import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever steps of two queues meet, what each answers is what it would answer if they came one after the other. */
final class LinearizableQueueTest {
    /** Only what never comes to an end takes so long, however busy the machine is. */
    private static final long HANGS_MILLIS = 60_000;

    @Test
    void concurrentStepsAnswerAsIfTheyCameOneAfterTheOther() {
        new StressOptions()
                .iterations(8)
                .invocationsPerIteration(30)
                .threads(3)
                .actorsBefore(2)
                .actorsPerThread(3)
                .actorsAfter(1)
                .invocationTimeout$lincheck(HANGS_MILLIS)
                .check(ConcurrentQueues.class);
    }

    @Test
    @Tag("long")
    void manyConcurrentStepsAnswerAsIfTheyCameOneAfterTheOther() {
        new StressOptions()
                .iterations(40)
                .invocationsPerIteration(200)
                .threads(3)
                .actorsBefore(3)
                .actorsPerThread(3)
                .actorsAfter(2)
                .invocationTimeout$lincheck(HANGS_MILLIS)
                .check(ConcurrentQueues.class);
    }
}
