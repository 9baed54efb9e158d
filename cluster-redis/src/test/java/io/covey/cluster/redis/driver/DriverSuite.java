package io.covey.cluster.redis.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.EveryServer;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts of drivers share: a server, and drivers and other things that are closed after each test. */
public abstract class DriverSuite {
    static final Duration CONNECT = Duration.ofSeconds(10);
    static final Duration COMMAND = Duration.ofMillis(600);

    static RedisServer server;

    private final List<AutoCloseable> opened = new ArrayList<>();

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory factory();

    @BeforeAll
    static void startServer() {
        server = null;
        EveryServer.isNot("acl", "a driver sends any command, and its contracts many that no application needs");
        server = RedisServer.builder().start();
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void empty() {
        if (!server.isRunning()) {
            server.restart();
        }
        server.command("FLUSHALL");
    }

    @AfterEach
    void closeAll() throws Exception {
        Collections.reverse(opened);
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    <T extends AutoCloseable> T closing(T one) {
        opened.add(one);
        return one;
    }

    RedisDriver open(String uri, Duration commandTimeout, RedisDriverFactory.Listener state) {
        return closing(factory().open(RedisUri.parse(uri), CONNECT, commandTimeout, state));
    }

    RedisDriver open(String uri) {
        return open(uri, COMMAND, new States());
    }

    RedisDriver open() {
        return open(server.uri());
    }

    static String local(int port) {
        return Address.at(port, server);
    }

    /** Whether the server has what Redis 7.0 brought, sharded channels among it. */
    static boolean isSevenOrNewer() {
        return server.command("COMMAND", "INFO", "spublish").contains("spublish");
    }

    static Object reply(RedisDriver driver, String name, Object... args) {
        return reply(driver.send(RedisCommand.keyed(name, args)));
    }

    static <T> T reply(CompletionStage<T> stage) {
        return Await.on(stage, Duration.ofSeconds(10), "test");
    }

    /** Byte arrays as text, recursively. */
    static Object text(Object reply) {
        if (reply instanceof byte[] bytes) {
            return new String(bytes, UTF_8);
        }
        return reply instanceof List<?> list
                ? list.stream().map(DriverSuite::text).toList()
                : reply;
    }

    static ConditionFactory within(long seconds) {
        return Awaitility.await().atMost(Duration.ofSeconds(seconds)).pollInterval(Duration.ofMillis(5));
    }

    static void aLargeBatchIsAnswered(RedisDriver driver) {
        String value = "x".repeat(1000);
        List<RedisCommand> commands = IntStream.range(0, 20_000)
                .mapToObj(i -> RedisCommand.keyed("ECHO", value + i))
                .toList();
        List<Object> replies = reply(driver.sendAll(commands));
        assertThat(replies).hasSize(20_000);
        assertThat(text(replies.get(19_999))).isEqualTo(value + 19_999);
    }

    static void usableWithin(long seconds, RedisDriver driver) {
        within(seconds)
                .ignoreExceptions()
                .until(() -> "PONG".equals(text(reply(driver.send(RedisCommand.of("PING"))))));
    }

    /** More than the server's host takes in for it while it stands still, by a sender whom nobody else comes to help. */
    static void isNotWrittenIn(RedisDriver driver, RedisServer standsStill) {
        usableWithin(3, driver);
        standsStill.pause();
        try {
            RedisCommand set = RedisCommand.keyed("SET", "k", "x".repeat(32 << 20));
            CompletionStage<Object> stuck =
                    CompletableFuture.supplyAsync(() -> driver.send(set)).thenCompose(sent -> sent);
            assertThatThrownBy(() -> reply(stuck))
                    .isInstanceOf(TransportException.class)
                    .hasMessageStartingWith("redis ");
        } finally {
            standsStill.resume();
        }
    }

    /** A connection of which nothing is known to be wrong is given up on demand. */
    static void isMadeAnew(RedisDriver driver) {
        long before = driver.traffic().connects();
        driver.reconnect();
        within(10).ignoreExceptions().until(() -> driver.traffic().connects() > before);
        usableWithin(10, driver);
    }

    static void fails(CompletionStage<?> stage) {
        assertThatThrownBy(() -> reply(stage)).isInstanceOf(TransportException.class);
    }

    /** What a driver told about its connection. */
    static final class States implements RedisDriverFactory.Listener {
        final List<String> heard = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void onUp() {
            heard.add("up");
        }

        @Override
        public void onDown(String reason) {
            heard.add("down: " + reason);
        }
    }

    /** What a link told. */
    static final class Heard implements LinkSpec.Listener {
        final List<String> pushes = Collections.synchronizedList(new ArrayList<>());
        final List<String> states = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void onPush(String kind, List<Object> elements) {
            pushes.add(kind + " " + text(elements));
        }

        @Override
        public void onUp() {
            states.add("up");
        }

        @Override
        public void onDown(String reason) {
            states.add("down");
        }

        void awaitUps(int count) {
            within(10).until(() -> Collections.frequency(List.copyOf(states), "up") >= count);
        }
    }
}
