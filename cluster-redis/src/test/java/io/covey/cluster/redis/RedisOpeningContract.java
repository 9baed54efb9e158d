package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.Address;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.TransportConfig;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a transport that cannot be opened says, for each driver: soon, in one line, where, why, and no password. */
public abstract class RedisOpeningContract {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String PASSWORD = "hunter2";

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @Test
    void aHostThatIsUnknown() {
        refusal("redis://:" + PASSWORD + "@no-such-host.invalid:6379", "no-such-host.invalid:6379")
                .endsWith("the host name cannot be resolved");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "rediss", "redis-cluster"})
    void aPortThatIsClosed(String scheme) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        refusal(scheme + "://:" + PASSWORD + "@127.0.0.1:" + port, "127.0.0.1:" + port)
                .endsWith("connection refused");
    }

    @Test
    void aPasswordThatIsWrong() {
        try (RedisServer server = RedisServer.builder().password("right").start()) {
            String at = "127.0.0.1:" + server.port();
            refusal(Address.as(":" + PASSWORD, server), at)
                    .contains("WRONGPASS")
                    .doesNotContain("right");
            refusal(Address.as("ada:" + PASSWORD, server), at).contains("WRONGPASS");
        }
    }

    @Test
    void aPasswordThatIsMissing() {
        try (RedisServer server = RedisServer.builder().password("right").start()) {
            String at = "127.0.0.1:" + server.port();
            refusal(Address.as("", server), at)
                    .contains("NOAUTH, it wants a password")
                    .doesNotContain("right");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":" + PASSWORD + "@", "ada:" + PASSWORD + "@"})
    void aServerThatIsTooOld(String user) throws Exception {
        try (OldServer server = new OldServer("6.0.16")) {
            String at = "127.0.0.1:" + server.port();
            refusal("redis://" + user + at, at)
                    .contains("redis 6.0.16")
                    .contains("Redis 6.2 or newer, or Valkey, is needed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":" + PASSWORD + "@", "ada:" + PASSWORD + "@"})
    void aServerThatIsTooOldToTellItsVersion(String user) throws Exception {
        try (OldServer server = new OldServer("5.0.14")) {
            String at = "127.0.0.1:" + server.port();
            refusal("redis://" + user + at, at)
                    .contains("older than Redis 6.0")
                    .contains("Redis 6.2 or newer, or Valkey, is needed");
        }
    }

    /** With the timeouts that are the default, and with what holds for every message asserted. */
    private AbstractStringAssert<?> refusal(String uri, String where) {
        long start = System.nanoTime();
        TransportException refusal = catchThrowableOfType(
                TransportException.class,
                () -> RedisTransport.open(TransportConfig.of(uri), drivers()).close());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        assertThat(refusal).as("%s opened", uri).isNotNull();
        assertThat(Throwables.getStackTrace(refusal)).doesNotContain(PASSWORD);
        return assertThat(refusal.getMessage())
                .contains(where)
                .doesNotContain(PASSWORD)
                .doesNotContain("\n");
    }
}
