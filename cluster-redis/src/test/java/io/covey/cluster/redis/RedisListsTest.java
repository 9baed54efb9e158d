package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.RefusedException;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.ListStore;
import io.covey.cluster.spi.ListStore.Bound;
import io.covey.cluster.spi.ListStore.Side;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is Redis' own about lists. */
final class RedisListsTest {
    private RedisServer server;
    private RedisHarness harness;
    private Transport transport;
    private ListStore lists;

    @BeforeEach
    void open() {
        server = RedisServer.start();
        harness = RedisHarness.of(server, RedisDriverFactory.over(SocketConnector::new));
        transport = harness.open();
        lists = transport.lists().orElseThrow();
    }

    @AfterEach
    void close() {
        transport.close();
        server.close();
    }

    @Test
    void whenMemoryIsFullAPushIsRefusedWholeAndAPopIsNot() {
        push(1, "a", "b", "c");
        pop(1);
        server.command("CONFIG", "SET", "maxmemory", "1");
        assertThatThrownBy(() -> push(2, "d", "e"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("OOM");
        assertThat(pop(2)).isEqualTo("b");
        assertThat(pop(2)).isEqualTo("b");
        server.command("CONFIG", "SET", "maxmemory", "0");
        assertThat(push(2, "d", "e")).isEqualTo(3);
        assertThat(push(2, "d", "e")).isEqualTo(3);
    }

    @Test
    void whatIsRememberedOfAConversationEndsByItself() {
        push(1, "a", "b");
        pop(1);
        for (String lane : List.of("push", "pop")) {
            assertThat(Long.parseLong(server.command("PTTL", harness.keys().listLane("list", lane))))
                    .isBetween(1L, 600_000L);
        }
        assertThat(server.command("PTTL", harness.keys().list("list"))).isEqualTo("-1");
    }

    @Test
    void somebodyElsesKeyOfAnotherKindIsRefused() {
        server.command("SET", harness.keys().list("list"), "text");
        assertThatThrownBy(() -> push(1, "a"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("WRONGTYPE");
        assertThatThrownBy(() -> pop(1)).isInstanceOf(RefusedException.class).hasMessageContaining("WRONGTYPE");
        assertThat(server.command("GET", harness.keys().list("list"))).isEqualTo("text");
    }

    private long push(long seq, String... items) {
        return on(lists.push(
                new Call("push", seq),
                "list",
                List.of(items).stream().map(item -> item.getBytes(UTF_8)).toList(),
                Side.END,
                Bound.NONE));
    }

    private String pop(long seq) {
        return new String(
                on(lists.pop(new Call("pop", seq), "list", 1, Side.HEAD)).get(0), UTF_8);
    }

    private static <T> T on(CompletionStage<T> stage) {
        return Await.on(stage, Duration.ofSeconds(30), "test");
    }
}
