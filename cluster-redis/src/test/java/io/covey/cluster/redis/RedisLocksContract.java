package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Gap;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.Address;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.ServerCounts;
import io.covey.cluster.redis.embedded.RedisSentinels;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.LeaseAttempt.Busy;
import io.covey.cluster.spi.LeaseAttempt.Granted;
import io.covey.cluster.spi.LockStore;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.SemaphoreStore;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locks and semaphores as a server sees them, and when it loses what it knew, for each driver. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class RedisLocksContract {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** All that locks and semaphores need, beside HELLO, AUTH and PING. */
    private static final String[] RIGHTS = {
        "ACL",
        "SETUSER",
        "ada",
        "on",
        ">s3cret",
        "resetkeys",
        "~covey:{lock/*",
        "~covey:{semaphore/*",
        "resetchannels",
        "&covey:0:!lock/*",
        "&covey:0:!semaphore/*",
        "&covey:0:!link/*",
        "-@all",
        "+hello",
        "+auth",
        "+ping",
        "+client",
        "+eval",
        "+evalsha",
        "+subscribe",
        "+unsubscribe",
        "+publish",
        "+time",
        "+get",
        "+set",
        "+del",
        "+pexpire",
        "+pttl",
        "+zadd",
        "+zscore",
        "+zcount",
        "+zrangebyscore",
        "+zremrangebyscore",
        "+zrem"
    };

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    private Transport open(String uri) {
        return RedisTransport.open(
                TransportConfig.of(uri).withTimeouts(Duration.ofSeconds(30), Duration.ofSeconds(30)), drivers());
    }

    private static <T> T on(CompletionStage<T> stage) {
        return Await.on(stage, PATIENCE, "test");
    }

    private static long taken(LockStore locks, String owner) {
        return on(locks.acquire("l", owner, LEASE)).fence().orElseThrow();
    }

    @Test
    void fencesGrowThoughTheServerLostItsMemoryAndTheOldHolderHoldsNothingMore() {
        try (RedisServer server = RedisServer.builder().start();
                Transport transport = open(server.uri())) {
            LockStore locks = transport.locks().orElseThrow();
            long before = taken(locks, "ada");
            server.restartEmpty();
            assertThat(Awaitility.await()
                            .atMost(PATIENCE)
                            .ignoreExceptions()
                            .until(() -> taken(locks, "bob"), fence -> true))
                    .isGreaterThan(before);
            assertThat(on(locks.extend("l", "ada", LEASE))).isFalse();
            assertThat(on(locks.release("l", "ada"))).isFalse();
        }
    }

    @Test
    void aLockAndItsReleaseAreOneCommandEachAndLeaveTheFenceForADay() {
        try (RedisServer server = RedisServer.builder().start();
                Transport transport = open(server.uri())) {
            LockStore locks = transport.locks().orElseThrow();
            taken(locks, "warm");
            on(locks.release("l", "warm"));
            long before = calls(server, "evalsha");
            taken(locks, "ada");
            on(locks.release("l", "ada"));
            assertThat(calls(server, "evalsha") - before).isEqualTo(2);
            assertThat(server.command("KEYS", "*")).isEqualTo("[covey:{lock/l}/fence]");
            assertThat(Long.parseLong(server.command("PTTL", "covey:{lock/l}/fence")))
                    .isBetween(
                            Duration.ofHours(23).toMillis(), Duration.ofDays(1).toMillis());
        }
    }

    @Test
    void aSemaphoreLeavesNothingBehind() {
        try (RedisServer server = RedisServer.builder().start();
                Transport transport = open(server.uri())) {
            SemaphoreStore semaphores = transport.semaphores().orElseThrow();
            on(semaphores.acquire("s", "ada", 2, LEASE));
            on(semaphores.acquire("s", "bob", 2, LEASE.multipliedBy(2)));
            on(semaphores.extend("s", "ada", LEASE));
            assertThat(Long.parseLong(server.command("PTTL", "covey:{semaphore/s}")))
                    .isBetween(LEASE.toMillis(), LEASE.multipliedBy(2).toMillis());
            on(semaphores.release("s", "ada"));
            on(semaphores.release("s", "bob"));
            assertThat(server.command("KEYS", "*")).isEqualTo("[]");
        }
    }

    @Test
    void aUserWithNoMoreThanTheDocumentedRightsCanLockAndWait() {
        try (RedisServer server = RedisServer.builder().start()) {
            server.command(RIGHTS);
            try (Transport ada = open(Address.as("ada:s3cret", server));
                    Transport all = open(server.uri())) {
                LockStore locks = ada.locks().orElseThrow();
                SemaphoreStore semaphores = ada.semaphores().orElseThrow();
                AtomicInteger hints = new AtomicInteger();
                locks.onFree("l", hints::incrementAndGet);
                semaphores.onFree("s", hints::incrementAndGet);
                taken(locks, "ada");
                assertThat(on(locks.acquire("l", "bob", LEASE))).isInstanceOf(Busy.class);
                assertThat(on(locks.extend("l", "ada", LEASE))).isTrue();
                assertThat(on(locks.release("l", "ada"))).isTrue();
                assertThat(on(semaphores.acquire("s", "ada", 1, LEASE))).isInstanceOf(Granted.class);
                assertThat(on(semaphores.acquire("s", "bob", 1, LEASE))).isInstanceOf(Busy.class);
                assertThat(on(semaphores.extend("s", "ada", LEASE))).isTrue();
                assertThat(on(semaphores.release("s", "ada"))).isTrue();
                int heard = hints.get();
                LockStore others = all.locks().orElseThrow();
                Awaitility.await().atMost(PATIENCE).until(() -> {
                    taken(others, "bob");
                    on(others.release("l", "bob"));
                    return hints.get() > heard + 2;
                });
                assertThatThrownBy(() -> on(ada.cache().orElseThrow().get("k"))).hasMessageContaining("NOPERM");
            }
        }
    }

    @Test
    void whoAskedForHintsDuringAnOutageHearsThemAfterwards() {
        try (RedisServer server = RedisServer.builder().start();
                Transport transport = RedisTransport.open(
                        TransportConfig.of(server.uri()).withTimeouts(Duration.ofSeconds(30), Duration.ofSeconds(1)),
                        drivers());
                Transport other = open(server.uri())) {
            AtomicInteger hints = new AtomicInteger();
            AtomicInteger states = new AtomicInteger();
            transport.onState(state -> states.addAndGet(state.up() ? 0 : 1));
            server.kill();
            Awaitility.await().atMost(PATIENCE).until(() -> states.get() > 0);
            transport.locks().orElseThrow().onFree("l", hints::incrementAndGet);
            CompletionStage<?> beside =
                    transport.bus().orElseThrow().subscribe(new ChannelPattern("/a/b"), new Silent());
            assertThatThrownBy(() -> on(beside)).isInstanceOf(TransportException.class);
            server.restart();
            LockStore locks = other.locks().orElseThrow();
            Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                int before = hints.get();
                taken(locks, "bob");
                on(locks.release("l", "bob"));
                return hints.get() > 1 && before > 0;
            });
        }
    }

    /** Subscribes for nothing but to see when subscriptions are given up. */
    private static final class Silent implements MessageBus.Listener {
        @Override
        public void onMessage(String channel, byte[] message) {
            // not looked at
        }

        @Override
        public void onGap(Gap gap) {
            // not looked at
        }
    }

    @Test
    @Tag("long")
    void fencesGrowAcrossAFailover() {
        try (RedisSentinels sentinels = RedisSentinels.start();
                Transport transport = open(sentinels.uri())) {
            LockStore locks = transport.locks().orElseThrow();
            long greatest = 0;
            for (int i = 0; i < 100; i++) {
                long fence = taken(locks, "owner" + i);
                assertThat(fence).isGreaterThan(greatest);
                greatest = fence;
                on(locks.release("l", "owner" + i));
            }
            RedisServer former = sentinels.master();
            former.kill();
            sentinels.awaitFailoverFrom(former);
            long after = Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> taken(locks, "survivor"), fence -> true);
            assertThat(after).isGreaterThan(greatest);
        }
    }

    private static long calls(RedisServer server, String command) {
        return ServerCounts.calls(server.command("INFO", "commandstats"), command);
    }
}
