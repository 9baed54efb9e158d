package io.covey.cluster.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.covey.cluster.bench.Waiting.Depth;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A million tasks that wait take little memory, and to add and to run one costs what it does while a thousand wait. */
@Tag("long")
@Timeout(600)
final class WaitingTest {
    private static final int FEW = 1000;
    private static final int MANY = 1_000_000;
    /** Of a waiting task without an id of its caller, by any allocator. */
    private static final double MOST_BYTES = 64;

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void aMillionWaitInLittleMemoryAndNeitherEnqueueNorClaimBecomesDearer(String driver) throws Exception {
        List<Depth> depths = new ArrayList<>();
        Waiting.measure(driver, List.of(FEW, MANY), depths::add);
        depths.forEach(Waiting::print);
        Depth few = depths.get(0);
        Depth many = depths.get(1);
        assertThat(many.besidePayload())
                .as("bytes of a waiting task beside its payload")
                .isLessThanOrEqualTo(MOST_BYTES);
        assertThat(many.added().commands())
                .as("commands to enqueue")
                .isCloseTo(few.added().commands(), within(0.5));
        assertThat(many.run().commands())
                .as("commands to run")
                .isCloseTo(few.run().commands(), within(0.25));
    }
}
