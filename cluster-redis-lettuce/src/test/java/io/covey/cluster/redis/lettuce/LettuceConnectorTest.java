package io.covey.cluster.redis.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class LettuceConnectorTest {

    /** A race inside Lettuce, which cannot be brought about from outside, is known by this text alone. */
    @Test
    void lettuceStillSaysWhatARefusalThatIsGoneIsKnownBy() throws IOException {
        try (InputStream code = RedisClient.class.getResourceAsStream("AbstractRedisClient.class")) {
            assertThat(new String(code.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .contains(LettuceConnector.GONE);
        }
    }
}
