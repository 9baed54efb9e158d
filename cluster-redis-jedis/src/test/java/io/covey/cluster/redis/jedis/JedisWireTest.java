package io.covey.cluster.redis.jedis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisConnection;
import io.covey.cluster.redis.embedded.RedisServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;

final class JedisWireTest {

    /** A writer may be at it while another thread closes. */
    @Test
    void aConnectionThatWasClosedIsNotOpenedAgainByAWrite() throws Exception {
        try (RedisServer server = RedisServer.start();
                JedisWire wire = new JedisWire(
                        new HostAndPort("127.0.0.1", server.port()),
                        DefaultJedisClientConfig.builder().build(),
                        new Deaf())) {
            wire.write(RedisCommand.of("PING"));
            wire.forceDisconnect();
            assertThatThrownBy(() -> {
                        wire.write(RedisCommand.of("PING"));
                        wire.flush();
                    })
                    .isInstanceOf(JedisConnectionException.class);
        }
    }

    private static final class Deaf implements RedisConnection.Listener {
        @Override
        public void onPush(String kind, List<Object> elements) {}

        @Override
        public void onClosed(String reason) {}
    }
}
