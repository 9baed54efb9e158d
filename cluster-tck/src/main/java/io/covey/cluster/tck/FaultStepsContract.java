package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.Transport;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * The random steps of the {@link RandomStepsContract} on a line whose connections end and whose answers are lost, at random
 * too. They begin with the seed of the system property {@code covey.seed}; a failure names its seed.
 */
public abstract class FaultStepsContract extends TransportContract {
    private static final long FIRST_SEED = 20_261_124;
    private static final int SHORT = 250;
    private static final int LONG = 3000;

    @Override
    protected abstract OutageHarness harness() throws Exception;

    @RepeatedTest(2)
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    final void everyPromiseHoldsOnALineThatBreaks(RepetitionInfo repetition) {
        run(repetition.getCurrentRepetition(), SHORT);
    }

    @Tag("long")
    @RepeatedTest(6)
    @Timeout(value = 600, unit = TimeUnit.SECONDS)
    final void everyPromiseHoldsForLongOnALineThatBreaks(RepetitionInfo repetition) {
        run(100L + repetition.getCurrentRepetition(), LONG);
    }

    private void run(long number, int steps) {
        long seed = Long.getLong("covey.seed", FIRST_SEED) + number - 1;
        OutageHarness line = (OutageHarness) backend();
        TaskBroker broken = open().tasks().orElseThrow();
        Transport beside = closedAfterwards(line.openBeside());
        PatientBroker patient = new PatientBroker(broken, line, new Random(-seed));
        RandomScene scene = new RandomScene(line, List.of(patient), () -> on(beside.time()), patient::repeated, seed);
        RandomSteps.withFeatures(scene).run(steps);
        assertThat(patient.repeats()).isPositive();
    }
}
