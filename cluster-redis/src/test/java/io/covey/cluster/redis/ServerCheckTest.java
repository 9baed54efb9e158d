package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.RedisUri;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServerCheckTest {
    private static final RedisUri STANDALONE = RedisUri.parse("redis://u:secret@h:1");

    private static Map<String, String> server(String product, String version, String mode) {
        return Map.of("server", product, "version", version, "mode", mode);
    }

    @Test
    void redis62AndNewerAndAnyValkeyPass() {
        for (String version : new String[] {"6.2.0", "6.2.14", "7.0.15", "8.4.0", "10.0.0", "6.9.9"}) {
            assertThatCode(() -> ServerCheck.judge(STANDALONE, server("redis", version, "standalone")))
                    .doesNotThrowAnyException();
        }
        assertThatCode(() -> ServerCheck.judge(STANDALONE, server("valkey", "1.0", "standalone")))
                .doesNotThrowAnyException();
    }

    @Test
    void channelsThatStayWithinAShardAreOfRedis7AndOfValkey() {
        assertThat(ServerCheck.judge(STANDALONE, server("redis", "6.2.14", "standalone")))
                .isFalse();
        for (String version : new String[] {"7.0.0", "7.2.5", "10.0.0"}) {
            assertThat(ServerCheck.judge(STANDALONE, server("redis", version, "standalone")))
                    .isTrue();
        }
        assertThat(ServerCheck.judge(STANDALONE, server("valkey", "7.2", "standalone")))
                .isTrue();
    }

    @Test
    void anOlderRedisIsRefusedNamingWhatWasFoundAndWhatIsNeeded() {
        for (String version : new String[] {"6.0.16", "5.9.0", "?"}) {
            assertThatThrownBy(() -> ServerCheck.judge(STANDALONE, server("redis", version, "standalone")))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("redis " + version)
                    .hasMessageContaining("6.2")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void aServerOfAnotherModeIsRefusedNamingTheSchemeToWrite() {
        assertThatThrownBy(() -> ServerCheck.judge(STANDALONE, server("redis", "7.0.0", "cluster")))
                .hasMessageContaining("redis-cluster://");
        assertThatThrownBy(() -> ServerCheck.judge(STANDALONE, server("redis", "7.0.0", "sentinel")))
                .hasMessageContaining("redis-sentinel://");
        RedisUri cluster = RedisUri.parse("redis-cluster://h:1");
        assertThatThrownBy(() -> ServerCheck.judge(cluster, server("redis", "7.0.0", "standalone")))
                .hasMessageContaining("write redis://");
    }
}
