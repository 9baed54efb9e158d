package io.covey.cluster.core.local;

import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever steps of two queues meet, what each answers is what it would answer if they came one after the other. */
final class LinearizableQueueTest {

    @Test
    void concurrentStepsAnswerAsIfTheyCameOneAfterTheOther() {
        new StressOptions()
                .iterations(6)
                .invocationsPerIteration(100)
                .threads(3)
                .actorsBefore(2)
                .actorsPerThread(3)
                .actorsAfter(1)
                .check(ConcurrentQueues.class);
    }

    @Test
    @Tag("long")
    void manyConcurrentStepsAnswerAsIfTheyCameOneAfterTheOther() {
        new StressOptions()
                .iterations(300)
                .invocationsPerIteration(3_000)
                .threads(3)
                .actorsBefore(3)
                .actorsPerThread(3)
                .actorsAfter(2)
                .check(ConcurrentQueues.class);
    }
}
