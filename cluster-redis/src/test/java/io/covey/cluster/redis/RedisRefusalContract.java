package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Gap;
import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportException;
import io.covey.cluster.UnavailableException;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.driver.RedisUri;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tck.FaultProxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server refuses for now is waited out with the same call, for each driver. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class RedisRefusalContract {
    private static final String QUEUE = "mail";
    private static final Duration PATIENCE = Duration.ofSeconds(100);

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    private Transport open(String uri, Duration commandTimeout) {
        return RedisTransport.open(
                TransportConfig.of(uri).withTimeouts(Duration.ofSeconds(30), commandTimeout), drivers());
    }

    private Transport open(String uri) {
        return open(uri, PATIENCE);
    }

    private static CompletionStage<Enqueued> enqueue(Transport transport, long seq) {
        TaskBroker broker = transport.tasks().orElseThrow();
        NewTask task = new NewTask("t", "[]".getBytes(UTF_8), Optional.empty(), Optional.empty());
        return broker.enqueue(QUEUE, new Call("lane", seq), List.of(task));
    }

    private static <T> T on(CompletionStage<T> stage) {
        return Await.on(stage, PATIENCE, "test");
    }

    private static boolean refused(RedisServer server, String code) {
        String counts = server.command("INFO", "errorstats");
        // Redis 6.2 counts what befalls a script as ERR.
        boolean old = server.command("INFO", "server").contains("redis_version:6.");
        return counts.contains("errorstat_" + code + ":") || old && counts.contains("errorstat_ERR:");
    }

    /** Until the server has refused it once, and then the cause is gone. */
    private static void waitsOut(RedisServer server, String code, CompletionStage<Enqueued> call, Runnable mend) {
        TaskFleet.eventually().until(() -> refused(server, code));
        assertThat(call.toCompletableFuture()).isNotDone();
        mend.run();
        assertThat(on(call).status()).isEqualTo(Status.OK);
    }

    @Test
    void tooFewReplicasAreWaitedFor() {
        try (RedisServer server = RedisServer.builder().start();
                Transport transport = open(server.uri())) {
            server.command("CONFIG", "SET", "min-replicas-to-write", "1");
            waitsOut(
                    server,
                    "NOREPLICAS",
                    enqueue(transport, 1),
                    () -> server.command("CONFIG", "SET", "min-replicas-to-write", "0"));
            assertThat(server.command("LLEN", "resque:queue:" + QUEUE)).isEqualTo("1");
        }
    }

    @Test
    void aReplicaIsWaitedForToBecomeAMaster() {
        try (RedisServer server = RedisServer.builder().start();
                Transport transport = open(server.uri())) {
            server.command("REPLICAOF", "127.0.0.1", "1");
            waitsOut(server, "READONLY", enqueue(transport, 1), () -> server.command("REPLICAOF", "NO", "ONE"));
            server.command("CONFIG", "SET", "replica-serve-stale-data", "no");
            server.command("REPLICAOF", "127.0.0.1", "1");
            waitsOut(server, "MASTERDOWN", enqueue(transport, 2), () -> server.command("REPLICAOF", "NO", "ONE"));
        }
    }

    @Test
    void aNameThatLeadsToAnotherMasterIsFollowedThoughTheFormerOneKeepsItsConnections() {
        try (RedisServer former = RedisServer.builder().start();
                RedisServer next = RedisServer.builder().start();
                FaultProxy name = new FaultProxy(former.port());
                Transport transport = open("redis://127.0.0.1:" + name.port())) {
            String list = "resque:queue:" + QUEUE;
            next.command("REPLICAOF", "127.0.0.1", Integer.toString(former.port()));
            assertThat(on(enqueue(transport, 1)).status()).isEqualTo(Status.OK);
            TaskFleet.eventually().until(() -> next.command("LLEN", list).equals("1"));
            next.command("REPLICAOF", "NO", "ONE");
            former.command("REPLICAOF", "127.0.0.1", Integer.toString(next.port()));
            name.lead(next.port());
            TaskFleet.eventually()
                    .ignoreExceptionsInstanceOf(TransportException.class)
                    .until(() -> on(enqueue(transport, 2)).status() == Status.OK);
            assertThat(next.command("LLEN", list)).isEqualTo("2");
        }
    }

    @Test
    void aSlotThatNobodyServesIsWaitedFor() {
        try (RedisCluster cluster = RedisCluster.start();
                Transport transport = open(cluster.uri())) {
            RedisServer owner = cluster.masterOf("{resque}");
            String slot = owner.command("CLUSTER", "KEYSLOT", "{resque}");
            owner.command("CLUSTER", "DELSLOTS", slot);
            CompletableFuture<Enqueued> call = enqueue(transport, 1).toCompletableFuture();
            TaskFleet.eventually().until(() -> cluster.nodes().stream().anyMatch(node -> refused(node, "CLUSTERDOWN")));
            assertThat(call).isNotDone();
            owner.command("CLUSTER", "ADDSLOTS", slot);
            assertThat(on(call).status()).isEqualTo(Status.OK);
        }
    }

    @Test
    void aServerThatLoadsItsDataIsWaitedFor() throws InterruptedException {
        try (RedisServer server = RedisServer.builder()
                        .appendOnly(true)
                        .setting("key-load-delay", "500")
                        .start();
                Transport transport = open(server.uri())) {
            server.command("EVAL", "for i = 1, 4000 do redis.call('SET', 'k' .. i, i) end", "0");
            server.kill();
            Thread starter = new Thread(server::restart);
            starter.start();
            // until it accepts connections there is nobody to wait for; LOADING itself would be a refusal
            TaskFleet.eventually()
                    .ignoreExceptionsMatching(e -> e instanceof TransportException && !(e instanceof RefusedException))
                    .until(() -> on(enqueue(transport, 1)).status() == Status.OK);
            starter.join(PATIENCE.toMillis());
        }
    }

    @Test
    void whatIsRefusedForTooLongIsToldWithServerAndReasonAndMayBeRepeated() {
        try (RedisServer server = RedisServer.builder().start();
                Transport transport = open(server.uri(), Duration.ofMillis(300))) {
            server.command("REPLICAOF", "127.0.0.1", "1");
            assertThatThrownBy(() -> on(enqueue(transport, 1)))
                    .isInstanceOf(UnavailableException.class)
                    .isNotInstanceOf(RefusedException.class)
                    .hasMessageStartingWith(RedisUri.parse(server.uri())
                            + " has refused for 300 ms, nothing was done: READONLY, it is a replica (");
            server.command("REPLICAOF", "NO", "ONE");
            TaskFleet.eventually()
                    .ignoreExceptionsInstanceOf(TransportException.class)
                    .until(() -> on(enqueue(transport, 1)).status() == Status.OK);
        }
    }

    @Test
    void aSubscriptionThatAUserHasNoRightToIsRefusedAndTheOthersGoOn() {
        try (RedisServer server = RedisServer.builder().start()) {
            TransportConfig config = AppUser.of(
                    TransportConfig.of(server.uri()).withTimeouts(PATIENCE, PATIENCE),
                    false,
                    List.of(server),
                    "covey:*");
            try (Transport transport = RedisTransport.open(config, drivers())) {
                MessageBus bus = transport.bus().orElseThrow();
                AtomicInteger heard = new AtomicInteger();
                MessageBus.Listener counting = new MessageBus.Listener() {
                    @Override
                    public void onMessage(String channel, byte[] message) {
                        heard.incrementAndGet();
                    }

                    @Override
                    public void onGap(Gap gap) {
                        // the connection is made again
                    }
                };
                on(bus.subscribe(new ChannelPattern("/a/b"), counting));
                assertThatThrownBy(() -> on(bus.subscribe(new ChannelPattern("/a/*"), counting)))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("covey:0:/a/*");
                TaskFleet.eventually().until(() -> {
                    on(bus.publish("/a/b", new byte[] {1}));
                    return heard.get() > 0;
                });
            }
        }
    }

    @Test
    void aSubscriptionWhoseRightIsTakenAwayEndsAloudAndTheOthersGoOn() {
        try (RedisServer server = RedisServer.builder().start()) {
            TransportConfig config = AppUser.of(
                    TransportConfig.of(server.uri()).withTimeouts(PATIENCE, PATIENCE),
                    false,
                    List.of(server),
                    "covey:*");
            try (Transport transport = RedisTransport.open(config, drivers())) {
                MessageBus bus = transport.bus().orElseThrow();
                AtomicInteger heard = new AtomicInteger();
                List<String> ends = new CopyOnWriteArrayList<>();
                for (String channel : List.of("/a/b", "/c")) {
                    on(bus.subscribe(new ChannelPattern(channel), new MessageBus.Listener() {
                        @Override
                        public void onMessage(String from, byte[] message) {
                            heard.incrementAndGet();
                        }

                        @Override
                        public void onGap(Gap gap) {
                            // the connection is made again
                        }

                        @Override
                        public void onEnd(String reason) {
                            ends.add(channel + ": " + reason);
                        }
                    }));
                }
                // Redis cuts connections that lose a channel they are subscribed to.
                server.command("ACL", "SETUSER", "covey", "resetchannels", "&covey:0:/c", "&covey:0:!*");
                TaskFleet.eventually().until(() -> !ends.isEmpty());
                assertThat(ends).singleElement().asString().startsWith("/a/b: ").contains("NOPERM");
                TaskFleet.eventually().until(() -> {
                    on(bus.publish("/c", new byte[] {1}));
                    return heard.get() > 0;
                });
            }
        }
    }
}
