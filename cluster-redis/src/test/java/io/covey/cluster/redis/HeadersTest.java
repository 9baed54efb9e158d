package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "a\nb"})
    void aKeyThatNoProducerOfOursWouldWriteIsNone(String key) {
        assertThat(Headers.read("count", new byte[0], "7", Map.of("covey.key", key))
                        .key())
                .isEmpty();
        assertThat(Headers.read("count", new byte[0], "7", Map.of("covey.key", "tenant|" + key.length()))
                        .key())
                .isPresent();
    }
}
