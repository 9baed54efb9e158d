package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.CodecException;
import io.covey.cluster.RefusedException;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counters among which somebody else has written. */
final class RedisCountersTest {
    private static RedisServer server;
    private RedisHarness harness;
    private Transport transport;
    private CacheStore store;

    @BeforeAll
    static void startServer() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void open() {
        harness = RedisHarness.of(server, RedisDriverFactory.over(SocketConnector::new));
        transport = harness.open();
        store = transport.cache().orElseThrow();
    }

    @AfterEach
    void close() {
        transport.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.5",
                "text",
                "",
                " 1",
                "+1",
                "01",
                "1e3",
                "-0",
                "9223372036854775808",
                "-9223372036854775809",
                "nan"
            })
    void aCounterThatHoldsNoIntegerIsNamedAndNothingIsAddedToTheOthers(String foreign) {
        server.command("HSET", harness.keys().counters("n"), "bad", foreign);
        Call call = new Call("lane", 1);
        assertThatThrownBy(() -> on(store.add(call, "n", Map.of("a", 1L, "bad", 1L, "z", 1L))))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("counter bad holds no integer of 64 bits; nothing was added");
        assertThat(on(store.counters("n", List.of("a", "z")))).isEmpty();
        on(store.add(call, "n", Map.of("a", 1L, "z", 1L)));
        assertThat(on(store.counters("n", List.of("a", "z")))).isEqualTo(Map.of("a", 1L, "z", 1L));
        assertThat(server.command("HGET", harness.keys().counters("n"), "bad")).isEqualTo(foreign);
        on(store.removeCounters("n", List.of("bad")));
        on(store.add(new Call("lane", 2), "n", Map.of("bad", 7L)));
        assertThat(on(store.counters("n"))).containsEntry("bad", 7L);
    }

    @Test
    void readingNamesTheCounterThatHoldsNoInteger() {
        server.command("HSET", harness.keys().counters("n"), "a", "1", "bad", "1.5");
        for (CompletionStage<Map<String, Long>> read :
                List.of(store.counters("n"), store.counters("n", List.of("a", "bad")))) {
            assertThatThrownBy(() -> on(read))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("Counter bad of n holds \"1.5\"");
        }
        assertThat(on(store.counters("n", List.of("a")))).isEqualTo(Map.of("a", 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "7", "-7", "9223372036854775807", "-9223372036854775808", "999999999999999999"})
    void whatAnotherProgramCountedIsGoneOnWith(String foreign) {
        server.command("HSET", harness.keys().counters("n"), "a", foreign);
        long value = Long.parseLong(foreign);
        long delta = value > 0 ? -1 : 1;
        on(store.add(new Call("lane", 1), "n", Map.of("a", delta)));
        assertThat(on(store.counters("n"))).isEqualTo(Map.of("a", value + delta));
    }

    private static <T> T on(CompletionStage<T> stage) {
        return Await.on(stage, Duration.ofSeconds(30), "test");
    }
}
