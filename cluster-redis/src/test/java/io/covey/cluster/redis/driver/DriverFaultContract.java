package io.covey.cluster.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.covey.cluster.TransportException;
import io.covey.cluster.TransportTimeoutException;
import io.covey.cluster.UnavailableException;
import io.covey.cluster.redis.EveryServer;
import io.covey.cluster.tck.FaultProxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every driver does when the connection for commands is lost, or seems well and is not. */
public abstract class DriverFaultContract extends DriverSuite {

    /** For the driver modules. */
    protected DriverFaultContract() {}

    @ParameterizedTest
    @EnumSource(FaultProxy.Ending.class)
    void aCommandWhoseAnswerIsLostFailsAndIsDoneOnce(FaultProxy.Ending ending) {
        FaultProxy proxy = closing(EveryServer.seeing(server));
        RedisDriver driver = open(local(proxy.port()), Duration.ofSeconds(5), new States());
        for (int i = 0; i < 20; i++) {
            usableWithin(5, driver);
            var dropped = proxy.dropNextAnswerTo("RPUSH", ending);
            CompletionStage<Object> push = driver.send(RedisCommand.keyed("RPUSH", "list", i));
            assertThatThrownBy(() -> reply(push))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("whether the command took effect is unknown");
            dropped.join();
        }
        usableWithin(5, driver);
        assertThat(reply(driver, "LLEN", "list")).isEqualTo(20L);
    }

    @ParameterizedTest
    @EnumSource(FaultProxy.Ending.class)
    void aBatchWhoseAnswerIsLostFailsAndIsDoneOnce(FaultProxy.Ending ending) {
        FaultProxy proxy = closing(EveryServer.seeing(server));
        RedisDriver driver = open(local(proxy.port()), Duration.ofSeconds(5), new States());
        proxy.dropNextAnswerTo("RPUSH", ending);
        List<RedisCommand> batch = IntStream.range(0, 20)
                .mapToObj(i -> RedisCommand.keyed("RPUSH", "list", i))
                .toList();
        fails(driver.sendAll(batch));
        usableWithin(5, driver);
        assertThat(reply(driver, "LLEN", "list")).isEqualTo(20L);
    }

    @ParameterizedTest
    @EnumSource(FaultProxy.Ending.class)
    void aConnectionThatEndsDuringItsGreetingIsToldInOneLine(FaultProxy.Ending ending) {
        FaultProxy proxy = closing(EveryServer.seeing(server));
        proxy.dropNextAnswerTo("HELLO", ending);
        assertThatThrownBy(() -> open(local(proxy.port())))
                .isInstanceOf(TransportException.class)
                .hasMessageStartingWith("redis 127.0.0.1:" + proxy.port() + ": ")
                .hasMessageNotContainingAny("\n", "(..)");
    }

    @Test
    void aServerThatAcceptsAndSaysNothingIsToldInOneLine() {
        FaultProxy proxy = closing(new FaultProxy(server.port()));
        proxy.blackhole();
        Duration connect = Duration.ofMillis(300);
        assertThatThrownBy(() -> factory().open(RedisUri.parse(local(proxy.port())), connect, COMMAND, new States()))
                .isInstanceOf(TransportException.class)
                .hasMessageStartingWith("redis 127.0.0.1:" + proxy.port() + ": no answer in 300 ms");
        proxy.reset();
    }

    @Test
    void whileTheServerIsAwayCommandsAreRefusedAndNeverDoneLater() {
        States states = new States();
        FaultProxy proxy = closing(new FaultProxy(server.port()));
        RedisDriver driver = open(local(proxy.port()), COMMAND, states);
        proxy.refuse();
        proxy.reset();
        within(2).until(() -> !states.heard.isEmpty());
        for (int i = 0; i < 50; i++) {
            long start = System.nanoTime();
            CompletionStage<Object> push = driver.send(RedisCommand.keyed("RPUSH", "list", i));
            assertThatThrownBy(() -> reply(push)).isInstanceOf(UnavailableException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(COMMAND.multipliedBy(2));
        }
        proxy.accept();
        usableWithin(2, driver);
        assertThat(reply(driver, "LLEN", "list")).isEqualTo(0L);
        assertThat(states.heard).hasSize(2);
        assertThat(states.heard.get(0))
                .startsWith("down: redis 127.0.0.1:" + proxy.port() + " is down (")
                .doesNotContain("(..)");
        assertThat(states.heard.get(1)).isEqualTo("up");
    }

    /** An interrupt closes the socket that a virtual thread writes to; others use it, too. */
    @Test
    void aVirtualThreadThatIsInterruptedWhileItWritesEndsNoConnection() throws Exception {
        assumeThat(Runtime.version().feature()).isGreaterThanOrEqualTo(21);
        States states = new States();
        RedisDriver driver = open(server.uri(), Duration.ofSeconds(10), states);
        AtomicReference<CompletionStage<Object>> sent = new AtomicReference<>();
        server.pause();
        Thread writer = (Thread) Thread.class
                .getMethod("startVirtualThread", Runnable.class)
                .invoke(null, (Runnable) () ->
                        sent.set(driver.send(RedisCommand.keyed("SET", "k", "x".repeat(32 << 20)))));
        writer.join(500);
        writer.interrupt();
        writer.join(500);
        server.resume();
        within(10).until(() -> sent.get() != null);
        assertThat(text(reply(sent.get()))).isEqualTo("OK");
        assertThat(states.heard).isEmpty();
    }

    @Test
    void aServerThatWasKilledIsUsedAgainWithinTwoSeconds() {
        RedisDriver driver = open();
        server.kill();
        fails(driver.send(RedisCommand.keyed("GET", "k")));
        server.restart();
        usableWithin(2, driver);
    }

    @Test
    void onAHalfOpenConnectionCommandsTimeOutAndItIsMadeAnew() {
        States states = new States();
        FaultProxy proxy = closing(new FaultProxy(server.port()));
        RedisDriver driver = open(local(proxy.port()), COMMAND, states);
        usableWithin(2, driver);
        proxy.blackhole();
        long start = System.nanoTime();
        CompletionStage<Object> lost = driver.send(RedisCommand.keyed("INCR", "n"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(COMMAND);
        assertThatThrownBy(() -> reply(lost))
                .isInstanceOf(TransportTimeoutException.class)
                .hasMessageContaining("no answer in 600 ms");
        within(3).until(() -> states.heard.size() == 1);
        proxy.pass();
        proxy.reset();
        usableWithin(3, driver);
        assertThat(states.heard).hasSize(2);
    }

    @Test
    void whatCannotBeWrittenFailsInTimeToo() {
        States states = new States();
        RedisDriver driver = open(server.uri(), COMMAND, states);
        isNotWrittenIn(driver, server);
        within(5).until(() -> states.heard.size() == 2);
        usableWithin(3, driver);
    }

    @Test
    void aHalfOpenConnectionIsFoundThoughNobodyUsesIt() {
        States states = new States();
        FaultProxy proxy = closing(new FaultProxy(server.port()));
        open(local(proxy.port()), COMMAND, states);
        proxy.blackhole();
        within(5).until(() -> states.heard.size() == 1);
    }

    @Test
    void anAnswerThatIsLateIsNotTakenForThatOfTheNextCommand() {
        FaultProxy proxy = closing(new FaultProxy(server.port()));
        RedisDriver driver = open(local(proxy.port()));
        for (int i = 0; i < 3; i++) {
            usableWithin(3, driver);
            proxy.hold();
            fails(driver.send(RedisCommand.keyed("ECHO", "late" + i)));
            proxy.pass();
            String next = "next" + i;
            within(4).ignoreExceptions().until(() -> {
                assertThat(text(reply(driver, "ECHO", next))).isEqualTo(next);
                return true;
            });
        }
    }

    @Test
    void aStormOfResetsIsSurvived() {
        FaultProxy proxy = closing(new FaultProxy(server.port()));
        RedisDriver driver = open(local(proxy.port()));
        long accepted = 0;
        for (int i = 0; i < 400; i++) {
            if (i % 20 == 0) {
                proxy.reset();
                usableWithin(3, driver);
            }
            reply(driver, "INCR", "n");
            accepted++;
        }
        assertThat(Long.parseLong(server.command("GET", "n"))).isEqualTo(accepted);
    }
}
