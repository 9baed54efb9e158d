package io.covey.cluster.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.embedded.RedisSentinels;
import io.covey.cluster.redis.embedded.RedisServer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every driver does behind Sentinel. */
@Tag("long")
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class SentinelContract extends DriverSuite {

    /** For the driver modules. */
    protected SentinelContract() {}

    @Test
    void aNewMasterIsFoundByCommandsAndLinks() {
        try (RedisSentinels sentinels = RedisSentinels.start()) {
            States states = new States();
            RedisDriver driver = open(sentinels.uri(), COMMAND, states);
            Heard heard = new Heard();
            driver.open(
                    new LinkSpec("test", Optional.empty(), () -> List.of(RedisCommand.of("SUBSCRIBE", "a")), heard));
            heard.awaitUps(1);
            assertThat(reply(driver, "INCR", "n")).isEqualTo(1L);
            RedisServer former = sentinels.master();
            former.kill();
            RedisServer present = sentinels.awaitFailoverFrom(former);
            within(10).ignoreExceptions().until(() -> (Long) reply(driver, "INCR", "n") >= 1);
            heard.awaitUps(2);
            present.command("PUBLISH", "a", "x");
            within(5).until(() -> heard.pushes.contains("message [a, x]"));
            assertThat(states.heard.get(states.heard.size() - 1)).isEqualTo("up");
        }
    }

    @Test
    void aMasterThatWasDeposedIsLeft() {
        try (RedisSentinels sentinels = RedisSentinels.start()) {
            RedisDriver driver = open(sentinels.uri());
            assertThat(reply(driver, "INCR", "n")).isEqualTo(1L);
            RedisServer former = sentinels.master();
            sentinels.sentinels().get(0).command("SENTINEL", "FAILOVER", RedisSentinels.MASTER);
            sentinels.awaitFailoverFrom(former);
            within(20).ignoreExceptions().until(() -> (Long) reply(driver, "INCR", "n") >= 1);
        }
    }

    @Test
    void aSentinelThatNamesAServerWhichIsGoneIsNotAskedForEver() {
        try (RedisSentinels sentinels = RedisSentinels.start()) {
            RedisDriver before = open(sentinels.uri());
            RedisServer first = sentinels.sentinels().get(0);
            first.command("SENTINEL", "REMOVE", RedisSentinels.MASTER);
            first.command("SENTINEL", "MONITOR", RedisSentinels.MASTER, "127.0.0.1", "" + TlsServer.freePort(), "2");
            isMadeAnew(before);
            usableWithin(3, open(sentinels.uri()));
        }
    }

    @Test
    void aNameThatNoSentinelKnowsIsTold() {
        try (RedisSentinels sentinels = RedisSentinels.start()) {
            assertThatThrownBy(() -> open(sentinels.uri().replace("/covey", "/nobody")))
                    .isInstanceOf(TransportException.class)
                    .hasMessageStartingWith("no sentinel named a master called nobody: ")
                    .hasMessageNotContaining("\n");
        }
    }
}
