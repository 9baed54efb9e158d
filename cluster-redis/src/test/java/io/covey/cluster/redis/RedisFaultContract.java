package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.CodecException;
import io.covey.cluster.Gap;
import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.Address;
import io.covey.cluster.redis.driver.RedisDriver;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.redis.driver.ServerCounts;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.LeaseAttempt;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.SemaphoreStore;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.Transport.LinkState;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tck.FaultProxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a transport does when its server or its connections fail, for each driver. */
public abstract class RedisFaultContract {
    private static final Duration COMMAND = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private RedisServer server;

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @BeforeEach
    final void startServer() {
        server = closing(RedisServer.builder().setting("lua-time-limit", "50").start());
    }

    @AfterEach
    final void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private <T extends AutoCloseable> T closing(T one) {
        opened.push(one);
        return one;
    }

    private Transport open(String uri, Duration heartbeat) {
        TransportConfig config = TransportConfig.of(uri).withTimeouts(Duration.ofSeconds(2), COMMAND);
        return closing(RedisTransport.open(config, drivers(), heartbeat));
    }

    private Transport open() {
        return open(server.uri(), Duration.ofSeconds(5));
    }

    private static <T> T on(CompletionStage<T> stage) {
        return Await.on(stage, PATIENCE, "test");
    }

    private static ConditionFactory eventually() {
        return Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(PATIENCE);
    }

    private static Heard subscribe(Transport transport, String pattern) {
        Heard heard = new Heard();
        on(transport.bus().orElseThrow().subscribe(new ChannelPattern(pattern), heard));
        return heard;
    }

    private static Delivery publish(Transport transport, String text) {
        return on(transport.bus().orElseThrow().publish("/a/b", text.getBytes(UTF_8)));
    }

    private static void put(CacheStore cache, String value) {
        on(cache.put("k", value.getBytes(UTF_8), new Expiry.Never(), new Match.Any()));
    }

    @Test
    void subscriptionsSurviveTheEndOfTheirConnectionAndHearOfTheGapOnce() {
        Transport transport = open();
        List<Heard> all =
                List.of(subscribe(transport, "/a/b"), subscribe(transport, "/a/*"), subscribe(transport, "/**"));
        server.command("CLIENT", "KILL", "TYPE", "pubsub");
        eventually().until(() -> all.stream().allMatch(heard -> heard.gaps.size() == 1));
        publish(transport, "after");
        eventually().until(() -> all.stream().allMatch(heard -> heard.messages.contains("after")));
        assertThat(all).allSatisfy(heard -> {
            assertThat(heard.messages).containsExactly("after");
            assertThat(heard.gaps).hasSize(1);
            assertThat(heard.gaps.get(0).missed()).isEmpty();
        });
        assertThat(all.get(1).gaps.get(0).channel()).isEqualTo("/a/*");
    }

    @Test
    void aShortValueDoesNotWaitBehindALongOne() {
        FaultProxy proxy = closing(new FaultProxy(server.port()));
        TransportConfig patient =
                TransportConfig.of(Address.through(proxy, server)).withTimeouts(PATIENCE, Duration.ofMinutes(2));
        CacheStore cache = closing(RedisTransport.open(patient, drivers(), Duration.ofMinutes(1)))
                .cache()
                .orElseThrow();
        byte[] large = new byte[1 << 20];
        on(cache.put("large", large, new Expiry.Never(), new Match.Any()));
        put(cache, "short");
        eventually().until(() -> {
            on(cache.get("large"));
            on(cache.get("k"));
            return clients("cmd=get ") == 2;
        });

        // A minute for the long one.
        proxy.rate(large.length / 60);
        CompletableFuture<?> read = cache.get("large").toCompletableFuture();
        assertThat(on(cache.get("k"))).isPresent();
        assertThat(read).isNotDone();
        proxy.pass();
        on(read);

        proxy.rate(large.length / 60);
        CompletableFuture<?> written = CompletableFuture.supplyAsync(
                        () -> cache.put("large", large, new Expiry.Never(), new Match.Any()))
                .thenCompose(put -> put);
        eventually().until(() -> clients("qbuf=[1-9]\\d{3,} ") == 1);
        assertThat(on(cache.get("k"))).isPresent();
        assertThat(written).isNotDone();
        proxy.pass();
        on(written);
    }

    private long clients(String pattern) {
        return Pattern.compile(pattern)
                .matcher(server.command("CLIENT", "LIST"))
                .results()
                .count();
    }

    @Test
    void whatSubscribesWhileTheLinkIsDownIsLiveWithoutAGap() {
        Transport transport = open();
        server.kill();
        eventually().until(() -> !stateOf(transport).up());
        Heard heard = new Heard();
        CompletionStage<?> subscribed = transport.bus().orElseThrow().subscribe(new ChannelPattern("/a/b"), heard);
        server.restart();
        on(subscribed);
        eventually().until(() -> stateOf(transport).up());
        assertThat(publish(transport, "first")).isEqualTo(Delivery.SOME);
        eventually().until(() -> heard.messages.contains("first"));
        assertThat(heard.gaps).isEmpty();
    }

    @Test
    void aSubscriptionThatTheServerDoesNotConfirmIsGivenUp() {
        Transport transport = open();
        server.kill();
        CompletionStage<?> subscribed =
                transport.bus().orElseThrow().subscribe(new ChannelPattern("/a/b"), new Heard());
        assertThatThrownBy(() -> on(subscribed)).isInstanceOf(TransportException.class);
    }

    @Test
    void whileTheServerIsAwayCallsAreRefusedAndAfterwardsEverythingGoesOn() {
        Transport transport = open();
        CacheStore cache = transport.cache().orElseThrow();
        List<Boolean> states = new CopyOnWriteArrayList<>();
        transport.onState(state -> states.add(state.up()));
        Heard heard = subscribe(transport, "/a/b");
        put(cache, "before");
        server.kill();
        eventually().until(() -> states.equals(List.of(true, false)));
        assertThat(stateOf(transport).reason()).isNotBlank().doesNotContain("\n");
        assertThatThrownBy(() -> put(cache, "lost")).isInstanceOf(TransportException.class);
        server.restart();
        eventually().until(() -> states.equals(List.of(true, false, true)));
        put(cache, "after");
        assertThat(new String(on(cache.get("k")).orElseThrow().value(), UTF_8)).isEqualTo("after");
        eventually().until(() -> heard.gaps.size() == 1);
        assertThat(publish(transport, "again")).isEqualTo(Delivery.SOME);
        eventually().until(() -> heard.messages.contains("again"));
    }

    @Test
    void aLinkThatIsSilentlyDeafIsNoticedByItsHeartbeat() {
        FaultProxy proxy = closing(new FaultProxy(server.port()));
        RedisUri deaf = RedisUri.parse(Address.through(proxy, server));
        RedisDriverFactory linksByProxy = (uri, connect, command, state) -> new LinksElsewhere(
                drivers().open(uri, connect, command, state),
                drivers().open(deaf, connect, command, new Availability()));
        TransportConfig config = TransportConfig.of(server.uri()).withTimeouts(COMMAND, COMMAND);
        Transport transport = closing(RedisTransport.open(config, linksByProxy, Duration.ofMillis(200)));
        Heard heard = subscribe(transport, "/a/b");
        proxy.blackhole();
        eventually().until(() -> !stateOf(transport).up());
        proxy.reset();
        proxy.pass();
        eventually().until(() -> !heard.gaps.isEmpty() && stateOf(transport).up());
        publish(transport, "after");
        eventually().until(() -> heard.messages.contains("after"));
    }

    @Test
    void scriptsAreSentInFullOnlyAfterTheServerForgotThem() {
        Transport transport = open();
        CacheStore cache = transport.cache().orElseThrow();
        put(cache, "one");
        long version = on(cache.get("k")).orElseThrow().version();
        server.command("SCRIPT", "FLUSH");
        assertThat(on(cache.remove("k", new Match.Version(version + 1)))).isFalse();
        assertThat(on(cache.remove("k", new Match.Version(version)))).isTrue();
        assertThat(calls("evalsha")).isEqualTo(2);
        assertThat(calls("eval")).isEqualTo(1);
    }

    @Test
    void aBatchRepeatsOnlyWhatTheServerDidNotKnow() {
        Script counter = Script.of("counters-add");
        Script clock = Script.of("cache-persist");
        Redis redis = closing(new Raw()).redis();
        List<Script.Call> calls = List.of(
                counter.call(List.of("covey:{n}l", "covey:{n}"), 1, 1000, "x", 1),
                clock.call(List.of("covey:{n}")),
                counter.call(List.of("covey:{n}l", "covey:{n}"), 2, 1000, "x", 1),
                counter.call(List.of("covey:{n}l", "covey:{n}"), 1, 1000, "x", 1));
        server.command("SCRIPT", "LOAD", clock.body());
        List<Object> replies = on(redis.runAll(calls));
        assertThat(replies).containsExactly(1L, 0L, 1L, 0L);
        assertThat(calls("eval")).isEqualTo(3);
        assertThat(on(redis.runAll(calls))).containsExactly(0L, 1L, 0L, 0L);
        assertThat(calls("eval")).isEqualTo(3);
    }

    @Test
    void whatABusyServerRefusesIsTriedAgain() throws Exception {
        Transport transport = open();
        CacheStore cache = transport.cache().orElseThrow();
        put(cache, "v");
        Thread busy = new Thread(() -> {
            try {
                server.command("EVAL", "while true do end", "0");
            } catch (RuntimeException killed) {
                // As it should be.
            }
        });
        busy.start();
        eventually().until(() -> {
            try {
                server.command("GET", "k");
                return false;
            } catch (RuntimeException refused) {
                return refused.getMessage().contains("BUSY");
            }
        });
        CompletionStage<Optional<CacheStore.Entry>> got = cache.get("covey");
        server.command("SCRIPT", "KILL");
        assertThat(on(got)).isEmpty();
        busy.join();
    }

    @Test
    void anEntryOfAnotherMakeIsReportedByItsKey() {
        CacheStore cache = open().cache().orElseThrow();
        server.command("SET", "covey:cache/strange", "x");
        assertThatThrownBy(() -> on(cache.get("strange")))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("covey:cache/strange");
        put(cache, "v");
        assertThatThrownBy(() -> on(cache.getAll(List.of("k", "strange")))).isInstanceOf(CodecException.class);
    }

    @Test
    void theHeadOfAValueIsWhatTheServerHolds() {
        CacheStore cache = open().cache().orElseThrow();
        put(cache, "value");
        assertThat(server.command("STRLEN", "covey:cache/k")).isEqualTo(Integer.toString(9 + 5));
    }

    @Test
    void twoDatabasesSeeNothingOfEachOther() {
        Transport zero = open();
        Transport one = open(Address.database(1, server), Duration.ofSeconds(5));
        Heard inZero = subscribe(zero, "/**");
        put(zero.cache().orElseThrow(), "v");
        assertThat(on(one.cache().orElseThrow().get("k"))).isEmpty();
        assertThat(publish(one, "other")).isEqualTo(Delivery.NONE);
        Duration lease = Duration.ofSeconds(10);
        assertThat(on(zero.locks().orElseThrow().acquire("l", "ada", lease)).fence())
                .isPresent();
        assertThat(on(one.locks().orElseThrow().acquire("l", "bob", lease)).fence())
                .isPresent();
        assertThat(on(zero.semaphores().orElseThrow().acquire("s", "ada", 1, lease)))
                .isInstanceOf(LeaseAttempt.Granted.class);
        assertThat(on(one.semaphores().orElseThrow().acquire("s", "bob", 1, lease)))
                .isInstanceOf(LeaseAttempt.Granted.class);
        on(zero.directory().orElseThrow().beat("ada", lease, 0));
        assertThat(on(one.directory().orElseThrow().beat("bob", lease, 0))
                        .alive()
                        .orElseThrow())
                .containsExactly("bob");
        publish(zero, "mine");
        eventually().until(() -> inZero.messages.contains("mine"));
        assertThat(inZero.messages).containsExactly("mine");
    }

    @Test
    void aFullServerRefusesWhatAddsAndStillLetsMembersBeatAndLocksGo() {
        Transport transport = open();
        Duration lease = Duration.ofSeconds(10);
        on(transport.directory().orElseThrow().beat("ada", lease, 0));
        on(transport.locks().orElseThrow().acquire("l", "ada", lease));
        SemaphoreStore semaphores = transport.semaphores().orElseThrow();
        on(semaphores.acquire("s", "ada", 2, lease));
        server.command("CONFIG", "SET", "maxmemory", "1");
        assertThatThrownBy(() -> on(transport.locks().orElseThrow().acquire("other", "ada", lease)))
                .hasMessageContaining("OOM");
        assertThatThrownBy(() -> on(transport.cache().orElseThrow().add(new Call("lane", 1), "n", Map.of("x", 1L))))
                .hasMessageContaining("OOM");
        assertThat(on(transport.directory().orElseThrow().beat("ada", lease, 0)).renewed())
                .isTrue();
        Directory directory = transport.directory().orElseThrow();
        byte[] who = {1};
        on(directory.beat("bob", lease, 0));
        assertThat(on(directory.put(new Directory.Row(Directory.NODES, "bob", "bob", who))))
                .isEmpty();
        assertThat(on(directory.find(Directory.NODES, "bob"))).isPresent();
        assertThatThrownBy(() -> on(directory.put(new Directory.Row("room:a", "bob", "bob", who))))
                .hasMessageContaining("OOM");
        assertThat(on(directory.bury("bob", true))).hasSize(1);
        assertThat(on(transport.locks().orElseThrow().extend("l", "ada", lease)))
                .isTrue();
        assertThat(on(transport.locks().orElseThrow().release("l", "ada"))).isTrue();
        assertThatThrownBy(() -> on(semaphores.acquire("s", "bob", 2, lease))).hasMessageContaining("OOM");
        assertThat(on(semaphores.extend("s", "ada", lease))).isTrue();
        assertThat(on(semaphores.release("s", "ada"))).isTrue();
        assertThat(on(transport.directory().orElseThrow().bury("ada", true))).isEmpty();
    }

    @Test
    void anOwnerOfMoreRowsThanOneBatchIsBuriedWhole() {
        Directory directory = open().directory().orElseThrow();
        on(directory.beat("ada", PATIENCE, 0));
        List<CompletableFuture<?>> puts = new ArrayList<>();
        for (int i = 0; i < 1200; i++) {
            Directory.Row row = new Directory.Row("group" + i % 3, "m" + i, "ada", new byte[] {(byte) i});
            puts.add(directory.put(row).toCompletableFuture());
        }
        on(CompletableFuture.allOf(puts.toArray(new CompletableFuture<?>[0])));
        assertThat(on(directory.bury("ada", false))).isEmpty();
        List<Directory.Row> buried = on(directory.bury("ada", true));
        assertThat(buried.stream().map(Directory.Row::member).distinct()).hasSize(1200);
        assertThat(buried).hasSize(1200);
        assertThat(server.command("KEYS", "*")).isEqualTo("[covey:{members}/clock]");
    }

    @Test
    void aCallThatWaitsForItsNextTryEndsWhenTheTransportIsClosed() {
        Transport transport = open();
        server.command("REPLICAOF", "127.0.0.1", "1");
        CompletionStage<Boolean> put =
                transport.cache().orElseThrow().put("k", new byte[0], new Expiry.Never(), new Match.Any());
        on(transport.time());
        assertThat(put.toCompletableFuture()).isNotDone();
        transport.close();
        assertThatThrownBy(() -> on(put)).isInstanceOf(TransportException.class);
    }

    private long calls(String command) {
        return ServerCounts.calls(server.command("INFO", "commandstats"), command);
    }

    private static LinkState stateOf(Transport transport) {
        CompletableFuture<LinkState> state = new CompletableFuture<>();
        // Told by another thread if that is telling of a change just now.
        Registration listens = transport.onState(state::complete);
        try {
            return on(state);
        } finally {
            listens.close();
        }
    }

    /** The layer below the stores. */
    private final class Raw implements AutoCloseable {
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        private final RedisDriver driver =
                drivers().open(RedisUri.parse(server.uri()), COMMAND, COMMAND, new Availability());

        Redis redis() {
            return new Redis(
                    driver, new Keys("covey", "resque", 0, false), RedisUri.parse(server.uri()), COMMAND, timer);
        }

        @Override
        public void close() {
            driver.close();
            timer.shutdownNow();
        }
    }

    /** What a subscriber heard. */
    private static final class Heard implements MessageBus.Listener {
        private final List<String> messages = new CopyOnWriteArrayList<>();
        private final List<Gap> gaps = new CopyOnWriteArrayList<>();

        @Override
        public void onMessage(String channel, byte[] message) {
            messages.add(new String(message, UTF_8));
        }

        @Override
        public void onGap(Gap gap) {
            gaps.add(gap);
        }
    }
}
