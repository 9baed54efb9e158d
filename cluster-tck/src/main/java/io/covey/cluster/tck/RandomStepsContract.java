package io.covey.cluster.tck;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * Every promise at once: random steps with all verbs, judged after each. They begin with the seed of the system property
 * {@code covey.seed}; a failure names its seed.
 */
public abstract class RandomStepsContract extends TaskContract {
    private static final long FIRST_SEED = 20_261_123;
    private static final int SHORT = 700;
    private static final int LONG = 4000;

    @RepeatedTest(3)
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    final void everyPromiseHoldsAfterEveryRandomStepAndNothingIsLostInTheEnd(RepetitionInfo repetition) {
        run(repetition.getCurrentRepetition(), SHORT);
    }

    @Tag("long")
    @RepeatedTest(2)
    @Timeout(value = 600, unit = TimeUnit.SECONDS)
    final void everyPromiseHoldsForLong(RepetitionInfo repetition) {
        run(100L + repetition.getCurrentRepetition(), LONG);
    }

    private void run(long number, int steps) {
        long seed = Long.getLong("covey.seed", FIRST_SEED) + number - 1;
        RandomScene scene =
                new RandomScene(backend(), List.of(broker, elsewhere), () -> on(transport.time()), () -> false, seed);
        RandomSteps.withFeatures(scene).run(steps);
    }
}
