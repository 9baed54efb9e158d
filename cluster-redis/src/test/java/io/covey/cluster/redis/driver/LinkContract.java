package io.covey.cluster.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.covey.cluster.TransportException;
import io.covey.cluster.tck.FaultProxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every driver's links do. */
public abstract class LinkContract extends DriverSuite {

    /** For the driver modules. */
    protected LinkContract() {}

    @Test
    void whatIsPublishedIsHeardInOrder() {
        RedisDriver driver = open();
        Heard heard = new Heard();
        link(driver, heard, RedisCommand.of("SUBSCRIBE", "a", "b"), RedisCommand.of("PSUBSCRIBE", "p*"));
        heard.awaitUps(1);
        assertThat(heard.pushes).containsExactly("subscribe [a, 1]", "subscribe [b, 2]", "psubscribe [p*, 3]");
        heard.pushes.clear();
        for (int i = 0; i < 1000; i++) {
            driver.send(RedisCommand.of("PUBLISH", "a", i));
        }
        reply(driver.send(RedisCommand.of("PUBLISH", "pq", "end")));
        within(5).until(() -> heard.pushes.size() == 1001);
        assertThat(heard.pushes.subList(0, 1000))
                .isEqualTo(IntStream.range(0, 1000)
                        .mapToObj(i -> "message [a, " + i + "]")
                        .toList());
        assertThat(heard.pushes.get(1000)).isEqualTo("pmessage [p*, pq, end]");
    }

    @Test
    void subscriptionsChangeAndCommandsAreAnsweredOnTheSameLink() {
        RedisDriver driver = open();
        Heard heard = new Heard();
        RedisLink link = link(driver, heard);
        heard.awaitUps(1);
        assertThat(reply(link.send(RedisCommand.of("SUBSCRIBE", "a")))).isNull();
        assertThat(text(reply(link.send(RedisCommand.of("ECHO", "x"))))).isEqualTo("x");
        assertThat(reply(link.send(RedisCommand.of("UNSUBSCRIBE", "a")))).isNull();
        assertThat(reply(link.send(RedisCommand.of("SUBSCRIBE", "b")))).isNull();
        assertThat(text(reply(link.send(RedisCommand.of("ECHO", "y"))))).isEqualTo("y");
        assertThatThrownBy(() -> reply(link.send(RedisCommand.of("NONSENSE")))).isInstanceOf(RedisErrorException.class);
        driver.send(RedisCommand.of("PUBLISH", "a", "unheard"));
        driver.send(RedisCommand.of("PUBLISH", "b", "heard"));
        within(5).until(() -> heard.pushes.contains("message [b, heard]"));
        assertThat(heard.pushes)
                .containsExactly("subscribe [a, 1]", "unsubscribe [a, 0]", "subscribe [b, 1]", "message [b, heard]");
    }

    @Test
    void shardedMessagesAreHeardOnALink() {
        assumeTrue(isSevenOrNewer(), "the server has no sharded channels");
        RedisDriver driver = open();
        Heard heard = new Heard();
        RedisLink link = link(driver, heard);
        heard.awaitUps(1);
        assertThat(reply(link.send(RedisCommand.of("SSUBSCRIBE", "s")))).isNull();
        driver.send(RedisCommand.of("SPUBLISH", "s", "heard"));
        within(5).until(() -> heard.pushes.contains("smessage [s, heard]"));
        assertThat(heard.pushes).containsExactly("ssubscribe [s, 1]", "smessage [s, heard]");
    }

    @Test
    void aLinkThatWasKilledSubscribesAgain() {
        RedisDriver driver = open();
        Heard heard = new Heard();
        link(driver, heard, RedisCommand.of("SUBSCRIBE", "a"));
        heard.awaitUps(1);
        for (int i = 1; i <= 5; i++) {
            server.command("CLIENT", "KILL", "TYPE", "pubsub");
            heard.awaitUps(i + 1);
            String message = "after " + i;
            reply(driver.send(RedisCommand.of("PUBLISH", "a", message)));
            within(2).until(() -> heard.pushes.contains("message [a, " + message + "]"));
        }
        assertThat(heard.states)
                .containsExactly("up", "down", "up", "down", "up", "down", "up", "down", "up", "down", "up");
    }

    @Test
    void aDriverThatMakesItsConnectionsAnewLeavesItsLinks() {
        RedisDriver driver = open();
        Heard heard = new Heard();
        link(driver, heard);
        heard.awaitUps(1);
        isMadeAnew(driver);
        assertThat(heard.states).containsExactly("up");
    }

    @Test
    void whatToSendIsAskedAtEachConnect() {
        RedisDriver driver = open();
        Heard heard = new Heard();
        AtomicInteger connects = new AtomicInteger();
        RedisLink link = link(
                driver, heard, () -> List.of(RedisCommand.of("SUBSCRIBE", "channel" + connects.incrementAndGet())));
        heard.awaitUps(1);
        link.reconnect();
        heard.awaitUps(2);
        assertThat(heard.pushes).containsExactly("subscribe [channel1, 1]", "subscribe [channel2, 1]");
        assertThat(heard.states).containsExactly("up", "down", "up");
    }

    @Test
    void trackingIsRestoredAndInvalidationsArrive() {
        RedisDriver driver = open();
        Heard heard = new Heard();
        RedisLink link = link(driver, heard, RedisCommand.of("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "near:"));
        heard.awaitUps(1);
        reply(driver, "SET", "near:1", "v");
        within(2).until(() -> heard.pushes.contains("invalidate [[near:1]]"));
        link.reconnect();
        heard.awaitUps(2);
        reply(driver, "SET", "near:2", "v");
        within(2).until(() -> heard.pushes.contains("invalidate [[near:2]]"));
        reply(driver.send(RedisCommand.of("FLUSHALL")));
        within(2).until(() -> heard.pushes.contains("invalidate [null]"));
    }

    @Test
    void aLinkThatIsDeafIsMadeAnew() {
        FaultProxy proxy = closing(new FaultProxy(server.port()));
        RedisDriver driver = open(local(proxy.port()));
        Heard heard = new Heard();
        RedisLink link = link(driver, heard, RedisCommand.of("SUBSCRIBE", "a"));
        heard.awaitUps(1);
        proxy.blackhole();
        within(5).until(() -> heard.states.contains("down"));
        fails(link.send(RedisCommand.of("PING")));
        proxy.pass();
        proxy.reset();
        heard.awaitUps(2);
        server.command("PUBLISH", "a", "x");
        within(2).until(() -> heard.pushes.contains("message [a, x]"));
    }

    @Test
    void aQuietLinkStaysUp() {
        RedisDriver driver = open();
        Heard heard = new Heard();
        link(driver, heard, RedisCommand.of("SUBSCRIBE", "a"));
        heard.awaitUps(1);
        long before = pings();
        within(10).until(() -> pings() >= before + 6);
        assertThat(heard.states).containsExactly("up");
    }

    @Test
    void aCommandMayBlockOnALink() {
        RedisDriver driver = open();
        Heard heard = new Heard();
        RedisLink link = link(driver, heard);
        heard.awaitUps(1);
        CompletionStage<Object> waiting = link.send(RedisCommand.of("BLPOP", "jobs", "0.4"));
        assertThat(text(reply(driver, "ECHO", "not held up"))).isEqualTo("not held up");
        reply(driver, "RPUSH", "jobs", "job");
        assertThat(text(reply(waiting))).isEqualTo(List.of("jobs", "job"));
        assertThat(reply(link.send(RedisCommand.of("BLPOP", "jobs", "0.1")))).isNull();
    }

    @Test
    void aLinkWhoseFirstCommandsAreRefusedIsNotUpAndGoesOnTrying() {
        RedisDriver driver = open();
        Heard heard = new Heard();
        AtomicInteger connects = new AtomicInteger();
        link(
                driver,
                heard,
                () -> List.of(connects.incrementAndGet() < 4 ? RedisCommand.of("NONSENSE") : RedisCommand.of("PING")));
        heard.awaitUps(1);
        assertThat(connects).hasValue(4);
        assertThat(heard.states).containsExactly("up");
    }

    @Test
    void aClosedLinkHearsNothingMoreAndRefuses() {
        RedisDriver driver = open();
        Heard heard = new Heard();
        RedisLink link = link(driver, heard, RedisCommand.of("SUBSCRIBE", "a"));
        heard.awaitUps(1);
        link.close();
        link.close();
        within(5).until(() -> server.command("PUBSUB", "NUMSUB", "a").equals("[a, 0]"));
        assertThatThrownBy(() -> reply(link.send(RedisCommand.of("PING")))).isInstanceOf(TransportException.class);
        assertThat(heard.states).containsExactly("up");
    }

    private static long pings() {
        return ServerCounts.calls(server.command("INFO", "commandstats"), "ping");
    }

    private static RedisLink link(RedisDriver driver, Heard heard, RedisCommand... onConnect) {
        return link(driver, heard, () -> List.of(onConnect));
    }

    private static RedisLink link(RedisDriver driver, Heard heard, Supplier<List<RedisCommand>> onConnect) {
        return driver.open(new LinkSpec("test", Optional.empty(), onConnect, heard));
    }
}
