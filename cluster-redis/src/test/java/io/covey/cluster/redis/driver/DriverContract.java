package io.covey.cluster.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumingThat;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.EveryServer;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tck.FaultProxy;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every driver does with a server that is well, and what it says when it cannot connect. */
public abstract class DriverContract extends DriverSuite {

    /** For the driver modules. */
    protected DriverContract() {}

    @Test
    void everyKindOfReplyIsDecodedAsPromised() {
        RedisDriver driver = open();
        assertThat(text(reply(driver, "SET", "k", "v"))).isEqualTo("OK");
        assertThat(text(reply(driver, "GET", "k"))).isEqualTo("v");
        assertThat(reply(driver, "GET", "none")).isNull();
        assertThat(reply(driver, "INCR", "n")).isEqualTo(1L);
        reply(driver, "HSET", "h", "a", 1);
        assertThat(text(reply(driver, "HGETALL", "h"))).isEqualTo(List.of("a", "1"));
        assertThat(text(reply(driver, "HGETALL", "none"))).isEqualTo(List.of());
        reply(driver, "SADD", "s", "x");
        assertThat(text(reply(driver, "SMEMBERS", "s"))).isEqualTo(List.of("x"));
        reply(driver, "ZADD", "z", "1.5", "a");
        reply(driver, "ZADD", "z", "3", "b");
        assertThat(text(reply(driver, "ZSCORE", "z", "a"))).isEqualTo("1.5");
        assertThat(text(reply(driver, "ZRANGE", "z", 0, -1, "WITHSCORES")))
                .isEqualTo(List.of(List.of("a", "1.5"), List.of("b", "3")));
        assertThat(text(script(driver, "return {1, {2, {}}, 'x', false, {ok='fine'}}")))
                .isEqualTo(Arrays.asList(1L, List.of(2L, List.of()), "x", null, "fine"));
        assertThat(text(script(driver, "redis.setresp(3); return {true, {double=0.25}, {map={a={set={b=true}}}}}")))
                .isEqualTo(List.of(1L, "0.25", List.of("a", List.of("b"))));
        assumingThat(
                isSevenOrNewer(),
                () -> assertThat(
                                text(script(driver, "redis.setresp(3); return {big_number='12345678901234567890123'}")))
                        .isEqualTo("12345678901234567890123"));
        assertThat(script(driver, "return {redis.error_reply('MINE is inside'), 7}"))
                .isEqualTo(List.of(new RedisError("MINE is inside"), 7L));
    }

    @Test
    void bytesAreKeptAsTheyAre() {
        RedisDriver driver = open();
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        byte[] large = new byte[3 << 20];
        Arrays.fill(large, (byte) '\r');
        for (byte[] value : List.of(all, new byte[0], large)) {
            reply(driver, "SET", all, value);
            assertThat((byte[]) reply(driver, "GET", all)).isEqualTo(value);
        }
    }

    @Test
    void anErrorToASingleCommandIsThrownWithItsCode() {
        RedisDriver driver = open();
        reply(driver, "SET", "k", "v");
        assertThatThrownBy(() -> reply(driver, "LPUSH", "k", "x"))
                .isInstanceOfSatisfying(
                        RedisErrorException.class,
                        e -> assertThat(e.error().code()).isEqualTo("WRONGTYPE"));
        assertThatThrownBy(() -> reply(driver.send(RedisCommand.of("NONSENSE"))))
                .isInstanceOf(RedisErrorException.class)
                .hasMessageContaining("unknown command");
    }

    @Test
    void aBatchIsAnsweredInOrderWithErrorsInPlace() {
        RedisDriver driver = open();
        List<Object> replies = reply(driver.sendAll(List.of(
                RedisCommand.keyed("SET", "k", "v"),
                RedisCommand.keyed("LPUSH", "k", "x"),
                RedisCommand.of("EVALSHA", "0123456789012345678901234567890123456789", 0),
                RedisCommand.keyed("GET", "none"),
                RedisCommand.keyed("GET", "k"))));
        assertThat(text(replies.get(0))).isEqualTo("OK");
        assertThat(((RedisError) replies.get(1)).code()).isEqualTo("WRONGTYPE");
        assertThat(((RedisError) replies.get(2)).code()).isEqualTo("NOSCRIPT");
        assertThat(replies.get(3)).isNull();
        assertThat(text(replies.get(4))).isEqualTo("v");
    }

    @Test
    void whatIsSentAsideIsAnsweredAlikeOnAConnectionThatIsClosedWithTheDriver() {
        long before = clients();
        RedisDriver driver = open();
        reply(driver, "SET", "k", "v");
        within(30).until(() -> {
            assertThat(text(reply(driver.send(RedisCommand.keyed("GET", "k").sentAside()))))
                    .isEqualTo("v");
            return clients() == before + 2;
        });
        List<Object> replies = reply(driver.sendAll(List.of(
                RedisCommand.keyed("SET", "k", "w"),
                RedisCommand.keyed("GET", "k").sentAside())));
        assertThat(text(replies.get(1))).isEqualTo("w");
        assertThatThrownBy(() ->
                        reply(driver.send(RedisCommand.keyed("LPUSH", "k", "x").sentAside())))
                .isInstanceOf(RedisErrorException.class);
        driver.close();
        within(30).until(() -> clients() == before);
    }

    @Test
    void aBatchIsOneWrite() {
        EveryServer.isNot("tls", "how often a server reads depends on when the records arrive");
        RedisDriver driver = open(server.uri(), Duration.ofSeconds(20), new States());
        List<RedisCommand> commands = IntStream.range(0, 200)
                .mapToObj(i -> RedisCommand.keyed("RPUSH", "list", i))
                .toList();
        long first = reads();
        long asking = reads() - first;
        long before = reads();
        reply(driver.sendAll(commands));
        assertThat(reads() - before - asking).isEqualTo(1);
        assertThat(text(reply(driver, "LRANGE", "list", 0, -1)))
                .isEqualTo(IntStream.range(0, 200).mapToObj(Integer::toString).toList());
    }

    @Test
    void aBatchMayBeLargerThanAnyBuffer() {
        aLargeBatchIsAnswered(open(server.uri(), Duration.ofSeconds(20), new States()));
    }

    @Test
    void callersAtTheSameTimeEachGetTheirOwnReply() {
        RedisDriver driver = open(server.uri(), Duration.ofSeconds(20), new States());
        List<CompletableFuture<Void>> callers = IntStream.range(0, 8)
                .mapToObj(caller -> CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < 300; i++) {
                                String mine = caller + ":" + i;
                                assertThat(text(reply(driver, "ECHO", mine))).isEqualTo(mine);
                            }
                        },
                        task -> new Thread(task, "caller").start()))
                .toList();
        callers.forEach(CompletableFuture::join);
    }

    @Test
    void oneCallerMayHaveManyCommandsInFlight() {
        RedisDriver driver = open(server.uri(), Duration.ofSeconds(20), new States());
        List<CompletionStage<Object>> stages = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            stages.add(driver.send(RedisCommand.keyed("INCR", "n")));
        }
        for (int i = 0; i < 5000; i++) {
            assertThat(reply(stages.get(i))).isEqualTo(i + 1L);
        }
    }

    @Test
    void aStageCompletesThoughNobodyWaitsForIt() {
        RedisDriver driver = open();
        for (int i = 0; i < 20; i++) {
            isHeardThoughNobodyWaits(driver);
        }
    }

    @Test
    void aStageCompletesThoughItsSenderWaitedForAllBefore() {
        RedisDriver driver = open();
        for (int i = 0; i < 20; i++) {
            for (int before = 0; before < 50; before++) {
                reply(driver, "INCR", "n");
            }
            isHeardThoughNobodyWaits(driver);
        }
    }

    private static void isHeardThoughNobodyWaits(RedisDriver driver) {
        CompletableFuture<Object> heard = new CompletableFuture<>();
        driver.send(RedisCommand.keyed("INCR", "n")).thenAccept(heard::complete);
        within(2).until(heard::isDone);
    }

    @Test
    void theDatabaseOfTheUriIsUsed() {
        RedisDriver second = open(Address.database(2, server));
        reply(second, "SET", "k", "two");
        assertThat(reply(open(), "GET", "k")).isNull();
        assertThat(text(reply(second, "GET", "k"))).isEqualTo("two");
    }

    @Test
    void userAndPasswordAreUsedAndAWrongOneIsToldWithoutIt() {
        RedisServer guarded =
                closing(RedisServer.builder().user("ada", "p@ss:w/rd%").start());
        String at = "127.0.0.1:" + guarded.port();
        assertThat(text(reply(open(Address.as("ada:p%40ss%3Aw%2Frd%25", guarded)), "SET", "k", "v")))
                .isEqualTo("OK");
        assertThatThrownBy(() -> open(Address.as("ada:hidden", guarded)))
                .isInstanceOf(TransportException.class)
                .hasMessageStartingWith("redis " + at + ": WRONGPASS")
                .hasMessageNotContainingAny("hidden", "\n");
        RedisServer simple = closing(RedisServer.builder().password("secret").start());
        assertThat(text(reply(open(Address.as(":secret", simple)), "PING", "x")))
                .isEqualTo("x");
        assertThatThrownBy(() -> reply(open(local(simple.port())), "GET", "x"))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("NOAUTH");
    }

    @Test
    void aServerThatIsNotThereIsNamed() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertThatThrownBy(() -> open(local(port)))
                .isInstanceOf(TransportException.class)
                .hasMessage("redis 127.0.0.1:" + port + ": connection refused");
        assertThatThrownBy(() -> open("redis://no-such-host.invalid:1234"))
                .isInstanceOf(TransportException.class)
                .hasMessage("redis no-such-host.invalid:1234: the host name cannot be resolved");
    }

    @Test
    void aServerThatIsSilentIsGivenUpAfterTheConnectTimeout() {
        FaultProxy proxy = closing(new FaultProxy(server.port()));
        proxy.blackhole();
        long start = System.nanoTime();
        Duration timeout = Duration.ofSeconds(1);
        assertThatThrownBy(() -> factory().open(RedisUri.parse(local(proxy.port())), timeout, COMMAND, new States()))
                .isInstanceOf(TransportException.class)
                .hasMessageStartingWith("redis 127.0.0.1:" + proxy.port() + ": no answer in 1000 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(timeout.multipliedBy(4));
    }

    @Test
    void aServerThatSpeaksNoTlsIsToldApart() {
        RedisUri uri = RedisUri.parse("rediss://127.0.0.1:" + server.port());
        assertThatThrownBy(() -> factory().open(uri, Duration.ofSeconds(1), COMMAND, new States()))
                .isInstanceOf(TransportException.class)
                .hasMessageStartingWith("redis 127.0.0.1:" + server.port() + ": ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void closingLeavesNoConnectionAndNoThread() {
        RedisDriver warm = open();
        reply(warm, "PING", "x");
        warm.close();
        within(10).until(() -> coveyThreads().isEmpty());
        long before = clients();
        for (int i = 0; i < 3; i++) {
            RedisDriver driver = open();
            Heard heard = new Heard();
            driver.open(new LinkSpec("bus", java.util.Optional.empty(), List::of, heard));
            heard.awaitUps(1);
            reply(driver, "PING", "x");
            assertThat(coveyThreads()).isNotEmpty();
            CompletionStage<Object> open = driver.send(RedisCommand.of("BLPOP", "never", 0));
            driver.close();
            driver.close();
            fails(open);
            fails(driver.send(RedisCommand.of("PING")));
            assertThat(heard.states).containsExactly("up");
        }
        within(10).untilAsserted(() -> assertThat(clients()).isEqualTo(before));
        within(10).untilAsserted(() -> assertThat(coveyThreads()).isEmpty());
    }

    @Test
    void aFailedOpenLeavesNoThread() {
        assertThatThrownBy(() -> open("redis://127.0.0.1:1")).isInstanceOf(TransportException.class);
        within(10).untilAsserted(() -> assertThat(coveyThreads()).isEmpty());
    }

    private static Set<String> coveyThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("covey-redis-"))
                .collect(Collectors.toSet());
    }

    private static Object script(RedisDriver driver, String script) {
        return reply(driver.send(RedisCommand.of("EVAL", script, 0)));
    }

    private static long reads() {
        return ServerCounts.reads(server.command("INFO", "stats"));
    }

    private static long clients() {
        return server.command("CLIENT", "LIST").lines().count();
    }
}
