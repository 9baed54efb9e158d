package io.covey.cluster.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailedQueryTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    @Test
    void thoseThatFailedSoLongAgoAreMeant() {
        assertThat(older("3600").before()).contains(NOW.minusSeconds(3600));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "-1", "99999999999", "ten"})
    void aTimeThatThereIsNotIsRefused(String text) {
        assertThatThrownBy(() -> older(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static FailedQuery older(String text) {
        return FailedQuery.of(field -> field.equals("older") ? Optional.of(text) : Optional.empty(), NOW);
    }
}
