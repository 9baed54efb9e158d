package io.covey.cluster.tck;

import io.covey.cluster.spi.TaskBroker;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;

/**
 * What a {@link TaskBroker} promises. The random steps begin with the seed of the system property {@code covey.seed}; a
 * failure names its seed.
 */
public abstract class TaskBrokerContract extends QueueContract {
    private static final long FIRST_SEED = 20_261_122;
    private static final int STEPS = 1500;

    @RepeatedTest(3)
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    final void everyPromiseHoldsAfterEveryRandomStepAndNothingIsLostInTheEnd(RepetitionInfo repetition) {
        long seed = Long.getLong("covey.seed", FIRST_SEED) + repetition.getCurrentRepetition() - 1;
        RandomScene scene =
                new RandomScene(backend(), List.of(broker, elsewhere), () -> on(transport.time()), () -> false, seed);
        RandomSteps.plain(scene).run(STEPS);
    }
}
