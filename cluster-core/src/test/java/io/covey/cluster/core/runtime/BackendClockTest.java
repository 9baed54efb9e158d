package io.covey.cluster.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class BackendClockTest {
    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
    private static final Duration TRIP = Duration.ofMillis(2);

    private final AtomicLong nanos = new AtomicLong(7);
    private final BackendClock clock = new BackendClock(nanos::get);

    @Test
    void theTimeIsThatInTheMiddleOfTheTripAndTheErrorHalfOfIt() {
        learn(NOON, TRIP);
        assertThat(clock.instant()).isEqualTo(NOON.plus(TRIP.dividedBy(2)));
        assertThat(clock.error()).isEqualTo(TRIP.dividedBy(2));
    }

    @Test
    void theTimeGoesOnAndTheErrorGrowsWithIt() {
        learn(NOON, TRIP);
        pass(Duration.ofSeconds(30));
        assertThat(clock.instant()).isEqualTo(NOON.plusMillis(30_001));
        assertThat(clock.error()).isEqualTo(Duration.ofMillis(1 + 15));
    }

    @Test
    void anAnswerThatTookLongerThanWhatIsKnownIsUncertainIsNotTaken() {
        learn(NOON, TRIP);
        pass(Duration.ofSeconds(30));
        // As if the process had been stopped between the question and the answer.
        Instant before = clock.instant();
        learn(before.plusMillis(1), Duration.ofSeconds(20));
        assertThat(clock.instant()).isEqualTo(before.plusSeconds(20));
        assertThat(clock.error()).isLessThan(Duration.ofMillis(30));
    }

    @Test
    void aBetterAnswerIsTaken() {
        learn(NOON, Duration.ofSeconds(1));
        learn(clock.instant().plusMillis(100), TRIP);
        assertThat(clock.error()).isEqualTo(TRIP.dividedBy(2));
    }

    @Test
    void aBackendWhoseClockWasSetIsFollowedHoweverLongItsAnswerTook() {
        learn(NOON, TRIP);
        learn(NOON.plusSeconds(3600), Duration.ofSeconds(1));
        assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(3600).plusMillis(500));
        learn(NOON.minusSeconds(3600), Duration.ofSeconds(1));
        assertThat(clock.instant()).isEqualTo(NOON.minusSeconds(3600).plusMillis(500));
    }

    @Test
    void theOffsetIsHowFarTheBackendIsAheadOfThisMachine() {
        learn(Instant.now().plusSeconds(3600), TRIP);
        assertThat(clock.offset()).isBetween(Duration.ofMinutes(50), Duration.ofMinutes(61));
    }

    private void learn(Instant time, Duration trip) {
        long asked = nanos.get();
        pass(trip);
        clock.learn(time, asked);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
