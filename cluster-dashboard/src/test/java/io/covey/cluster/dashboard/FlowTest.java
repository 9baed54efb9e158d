package io.covey.cluster.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class FlowTest {
    private static final long SECOND = 1_000_000_000L;
    private final Flow flow = new Flow();

    @Test
    void theRateIsThatOfTheLastTenSeconds() {
        for (int i = 0; i <= 60; i++) {
            flow.look(i * SECOND, 0, i < 30 ? 0 : (i - 30) * 50L, i < 30 ? 0 : (i - 30) * 50L, i);
        }
        assertThat(flow.donePerSecond()).isEqualTo(50);
        assertThat(flow.failedPerSecond()).isEqualTo(1);
    }

    @Test
    void whatStoodThereAtTheFirstLookHasWaitedAtLeastThatLong() {
        flow.look(0, 100, 0, 0, 0);
        flow.look(60 * SECOND, 120, 0, 0, 0);
        assertThat(flow.oldestMillis(60 * SECOND)).isEqualTo(60_000);
        assertThat(flow.isOldestAtLeast()).isTrue();
        flow.look(61 * SECOND, 0, 120, 120, 0);
        assertThat(flow.oldestMillis(61 * SECOND)).isZero();
        flow.look(62 * SECOND, 5, 120, 120, 0);
        assertThat(flow.isOldestAtLeast()).isFalse();
    }

    @Test
    void theAgeOfTheOldestIsTrueToTheStepBetweenLooks() {
        Random random = new Random(7);
        Deque<Long> line = new ArrayDeque<>();
        long left = 0;
        for (int second = 0; second < 3000; second++) {
            for (int n = random.nextInt(8); n > 0; n--) {
                line.addLast((long) second);
            }
            int slow = second / 500 % 2 == 0 ? 3 : 8;
            for (int n = random.nextInt(slow + 1); n > 0 && !line.isEmpty(); n--) {
                line.removeFirst();
                left++;
            }
            flow.look(second * SECOND, line.size(), left, left, 0);
            long truth = line.isEmpty() ? 0 : (second - line.getFirst()) * 1000L;
            // At most one mark too old: they are a thirty-second of the age apart, or twice that where thinned.
            assertThat((double) flow.oldestMillis(second * SECOND))
                    .isCloseTo(truth, Offset.offset(2_000 + truth / 6.0));
        }
    }
}
