package io.covey.cluster.spi;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.spi.QueueSettings.Rate;
import io.covey.cluster.spi.TaskBroker.Dedupe.Debounce;
import io.covey.cluster.spi.TaskBroker.NewTask;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusedValuesTest {

    @Test
    void whatIsDebouncedHasNoTimeOfItsOwn() {
        Debounce quiet = new Debounce(Optional.empty(), Duration.ofSeconds(1));
        Instant due = Instant.ofEpochSecond(5);
        assertThatThrownBy(() -> new NewTask(
                        "save",
                        new byte[0],
                        Optional.empty(),
                        Optional.of(due),
                        Map.of(),
                        Optional.empty(),
                        Optional.of(quiet)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("save", "debounced", due.toString());
    }

    @Test
    void theTimeOfARateIsNotCutToMilliseconds() {
        assertThatThrownBy(() -> new Rate(1, Duration.ofNanos(1_900_000), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("whole", "PT0.0019S");
    }
}
