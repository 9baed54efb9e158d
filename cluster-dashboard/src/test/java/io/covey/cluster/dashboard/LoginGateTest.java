package io.covey.cluster.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LoginGateTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final LoginGate gate = new LoginGate(now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private long admitted(String address, int tries) {
        return IntStream.range(0, tries)
                .filter(i -> gate.admit(address).isEmpty())
                .count();
    }

    @Test
    void anAddressHasFiveWrongAttemptsThenWaitsTwiceAsLongEachTime() {
        assertThat(admitted("a", 20)).isEqualTo(5);
        assertThat(gate.admit("a")).contains(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(1));
        assertThat(admitted("a", 2)).isEqualTo(1);
        assertThat(gate.admit("a")).contains(Duration.ofSeconds(2));
        assertThat(gate.admit("b")).isEmpty();
    }

    @Test
    void inAnHourAnAddressHasTriedLessThanThirtyTimes() {
        long tries = 0;
        for (int second = 0; second < 3600; second++) {
            tries += admitted("a", 3);
            pass(Duration.ofSeconds(1));
        }
        assertThat(tries).isBetween(10L, 30L);
    }

    @Test
    void whoWasRightIsNotSlowedAndQuietIsForgiven() {
        for (int i = 0; i < 50; i++) {
            assertThat(gate.admit("a")).isEmpty();
            gate.uncount("a", true);
        }
        assertThat(admitted("a", 20)).isEqualTo(5);
        pass(Duration.ofMinutes(20));
        assertThat(admitted("a", 20)).isEqualTo(5);
    }

    @Test
    void manyAddressesTogetherAreSlowedButNotThoseWhereSomebodyCameInBefore() {
        assertThat(gate.admit("home")).isEmpty();
        gate.uncount("home", true);
        long admitted = IntStream.range(0, 500)
                .filter(i -> gate.admit("bot-" + i).isEmpty())
                .count();
        assertThat(admitted).isEqualTo(30);
        assertThat(gate.admit("home")).isEmpty();
        pass(Duration.ofNanos(TimeUnit.SECONDS.toNanos(20)));
        assertThat(IntStream.range(500, 1000)
                        .filter(i -> gate.admit("bot-" + i).isEmpty())
                        .count())
                .isEqualTo(10);
    }

    @Test
    void attemptsAtTheSameTimeCountBeforeAnyOfThemIsAnswered() {
        assertThat(admitted("a", 100)).isEqualTo(5);
    }
}
