package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignDateTest {
    @Test
    void theFormsOfTheFleetsAreRead() {
        Instant noon = Instant.parse("2030-01-31T12:00:00Z");
        assertThat(ForeignDate.parse("2030-01-31T12:00:00Z")).isEqualTo(noon);
        assertThat(ForeignDate.parse("2030-01-31T13:00:00+01:00")).isEqualTo(noon);
        assertThat(ForeignDate.parse("2030/01/31 12:00:00 UTC")).isEqualTo(noon);
        assertThat(ForeignDate.parse("Thu Jan 31 2030 12:00:00 GMT+0000 (UTC)")).isEqualTo(noon);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "+999999999-12-31T23:59:59Z", "-999999999-01-01T00:00:00Z"})
    void whatNobodyCanCountFromIsTheEpoch(String text) {
        assertThat(ForeignDate.parse(text)).isEqualTo(Instant.EPOCH);
    }

    @Test
    void aSecondBeyondAllClocksIsTheLast() {
        assertThat(Times.second("1900000000")).isEqualTo(Instant.ofEpochSecond(1_900_000_000));
        assertThat(Times.second("1700000000000000000").toEpochMilli()).isEqualTo(9_223_372_036_854_775_000L);
        assertThat(Times.second("-1700000000000000000").toEpochMilli()).isEqualTo(-9_223_372_036_854_775_000L);
    }
}
