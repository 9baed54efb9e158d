package io.covey.cluster.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HashSlotsTest {

    /** Figures of the Redis Cluster specification and of {@code CLUSTER KEYSLOT}. */
    @ParameterizedTest
    @CsvSource({
        "123456789, 12739",
        "foo, 12182",
        "{foo}bar, 12182",
        "x{foo}{bar}, 12182",
        "'', 0",
        "foo{}{bar}, 8363",
        "foo{{bar}}zap, 4015"
    })
    void theSlotOfAKeyIsThatOfTheServer(String key, int slot) {
        assertThat(HashSlots.of(key)).isEqualTo(slot);
    }
}
