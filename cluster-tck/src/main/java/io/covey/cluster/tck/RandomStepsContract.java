package io.covey.cluster.tck;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;

/**
 * Every promise at once: random steps with all verbs, judged after each. They begin with the seed of the system property
 * {@code covey.seed}; a failure names its seed.
 */
public abstract class RandomStepsContract extends TaskContract {
    private static final long FIRST_SEED = 20_261_123;
    private static final int STEPS = 1000;

    @RepeatedTest(3)
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    final void everyPromiseHoldsAfterEveryRandomStepAndNothingIsLostInTheEnd(RepetitionInfo repetition) {
        long seed = Long.getLong("covey.seed", FIRST_SEED) + repetition.getCurrentRepetition() - 1;
        RandomSteps.withFeatures(backend(), List.of(broker, elsewhere), seed).run(STEPS);
    }
}
