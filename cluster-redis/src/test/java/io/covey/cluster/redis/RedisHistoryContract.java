package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.History;
import io.covey.cluster.Position;
import io.covey.cluster.Start;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.HistoryPage;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of histories when Redis loses something of them, for each driver. */
public abstract class RedisHistoryContract {
    private static final String CHANNEL = "/a/b";
    private static final History HISTORY = History.last(100).within(Duration.ofMinutes(10));

    private RedisServer server;
    private RedisHarness harness;
    private Transport transport;
    private MessageBus bus;
    private String stream;

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @BeforeEach
    final void start() {
        server = RedisServer.start();
        harness = RedisHarness.of(server, drivers());
        transport = harness.open();
        bus = transport.bus().orElseThrow();
        stream = harness.keys().history(CHANNEL);
    }

    @AfterEach
    final void stop() {
        transport.close();
        harness.close();
        server.close();
    }

    @Test
    void aHistoryThatWasEvictedHasAnotherEpochOrIsIncomplete() {
        publish("m0");
        Position first = newest();
        publish("m1");
        server.command("DEL", stream);
        assertThat(read(first).complete()).isFalse();
        publish("m2");
        assertThat(read(first).complete()).isFalse();
        assertThat(texts(read(first))).containsExactly("m2");

        Position before = newest();
        server.command("DEL", stream + "/head");
        publish("m3");
        HistoryPage other = read(before);
        assertThat(other.complete()).isFalse();
        assertThat(other.newest().epoch()).isNotEqualTo(before.epoch());
        assertThat(texts(other)).containsExactly("m3");

        server.command("FLUSHALL");
        Position empty = newest();
        assertThat(empty.epoch()).isNotEqualTo(other.newest().epoch());
        assertThat(read(other.newest()).complete()).isFalse();
        publish("m4");
        assertThat(read(empty).complete()).isTrue();
    }

    /** A failover takes back what its replica had not got: here the last message, or all but the clock. */
    @Test
    void aHistoryThatLostItsEndIsNotTakenForComplete() {
        publish("m0");
        String head = server.command("HGET", stream + "/head", "n");
        publish("m1");
        Position lost = newest();
        server.command("XDEL", stream, lost.offset() + "-0");
        server.command("HSET", stream + "/head", "n", head);
        assertThat(read(lost).complete()).isFalse();
        publish("m2");
        HistoryPage page = read(lost);
        assertThat(page.complete()).isFalse();
        assertThat(texts(page)).containsExactly("m2");
    }

    @Test
    void bothKeysEndByThemselves() {
        newest();
        assertThat(ttl(stream + "/head")).isBetween(1L, Duration.ofDays(1).toMillis());
        publish("m0");
        assertThat(ttl(stream)).isBetween(1L, HISTORY.within().toMillis());
        assertThat(ttl(stream + "/head"))
                .isBetween(
                        Duration.ofDays(1).toMillis(),
                        Duration.ofDays(1).plus(HISTORY.within()).toMillis());
        newest();
        assertThat(ttl(stream + "/head")).isGreaterThan(Duration.ofDays(1).toMillis());
    }

    @Test
    void theOrderIsKeptThoughTheServerForgetsTheScriptMeanwhile() {
        List<CompletionStage<Delivery>> sent = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            sent.add(bus.publish(CHANNEL, ("m" + i).getBytes(UTF_8), History.last(2000)));
            if (i % 500 == 250) {
                server.command("SCRIPT", "FLUSH");
            }
        }
        sent.forEach(stage -> Await.on(stage, Duration.ofSeconds(30), "publish"));
        List<String> read = new ArrayList<>();
        HistoryPage page = on(bus.read(CHANNEL, Start.last(2000), 1000));
        read.addAll(texts(page));
        while (page.more()) {
            page = on(bus.read(
                    CHANNEL,
                    Start.after(page.messages()
                            .get(page.messages().size() - 1)
                            .place()
                            .position()),
                    1000));
            read.addAll(texts(page));
        }
        assertThat(read)
                .isEqualTo(IntStream.range(0, 2000).mapToObj(i -> "m" + i).toList());
        assertThat(server.command("XLEN", stream)).isEqualTo("2000");
    }

    @Test
    void aFullServerRefusesTheMessageWholeAndSaysSo() {
        publish("m0");
        Position before = newest();
        server.command("CONFIG", "SET", "maxmemory", "1");
        assertThatThrownBy(() -> publish("m1")).hasMessageContaining("OOM");
        assertThat(newest()).isEqualTo(before);
        server.command("CONFIG", "SET", "maxmemory", "0");
        publish("m2");
        assertThat(texts(read(before))).containsExactly("m2");
        assertThat(read(before).complete()).isTrue();
    }

    @Test
    void whatWaitsForItsTurnFailsWhenTheTransportIsClosed() {
        List<CompletableFuture<Delivery>> sent = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            sent.add(bus.publish(CHANNEL, new byte[1000], HISTORY).toCompletableFuture());
        }
        transport.close();
        sent.forEach(one -> assertThat(one.handle((done, thrown) -> true)
                        .orTimeout(30, TimeUnit.SECONDS)
                        .join())
                .isTrue());
    }

    private long ttl(String key) {
        return Long.parseLong(server.command("PTTL", key));
    }

    private void publish(String message) {
        on(bus.publish(CHANNEL, message.getBytes(UTF_8), HISTORY));
    }

    private Position newest() {
        return on(bus.read(CHANNEL, Start.now(), 1)).newest();
    }

    private HistoryPage read(Position after) {
        return on(bus.read(CHANNEL, Start.after(after), 100));
    }

    private static List<String> texts(HistoryPage page) {
        return page.messages().stream()
                .map(kept -> new String(kept.message(), UTF_8))
                .toList();
    }

    private static <T> T on(CompletionStage<T> stage) {
        return Await.on(stage, Duration.ofSeconds(30), "test");
    }
}
