package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.TransportException;
import io.covey.cluster.TransportTimeoutException;
import io.covey.cluster.redis.driver.Address;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisSentinels;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Enqueued;
import io.covey.cluster.spi.TaskBroker.NewTask;
import io.covey.cluster.spi.TaskBroker.Status;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tasks.EnqueueOptions;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.UnconfirmedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Enqueueing that counts only when replicas have it, for each driver. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class RedisConfirmedContract {
    private static final String QUEUE = "mail";
    private static final Duration PATIENCE = Duration.ofSeconds(100);

    private RedisServer master;
    private RedisServer replica;

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @BeforeEach
    final void startServers() {
        master = RedisServer.builder().start();
        replica = replicaOf(master);
        TaskFleet.eventually().until(() -> master.command("INFO", "replication").contains(",state=online,"));
    }

    @AfterEach
    final void stopServers() {
        replica.close();
        master.close();
    }

    private static RedisServer replicaOf(RedisServer server) {
        return RedisServer.builder()
                .setting("replicaof", "127.0.0.1", Integer.toString(server.port()))
                .start();
    }

    private TransportConfig config(String timeout, Duration commandTimeout) {
        return TransportConfig.of(Address.with("replicas=1&replicaTimeout=" + timeout, master.uri()))
                .withTimeouts(Duration.ofSeconds(30), commandTimeout);
    }

    private Transport open(String timeout, Duration commandTimeout) {
        return RedisTransport.open(config(timeout, commandTimeout), drivers());
    }

    private static List<NewTask> task() {
        return List.of(new NewTask("t", "[]".getBytes(UTF_8), Optional.empty(), Optional.empty()));
    }

    private static <T> T on(CompletionStage<T> stage) {
        return Await.on(stage, PATIENCE, "test");
    }

    @Test
    void whatNoReplicaHasIsUnconfirmedAndMayBeRepeatedUnderItsId() {
        TaskType<String> type = TaskType.of("t", String.class).on(QUEUE);
        ClusterConfig config = ClusterConfig.builder(master.uri())
                .transport(open("100ms", Duration.ofSeconds(30)))
                .build();
        try (Cluster node = Cluster.join(config)) {
            TaskQueue tasks = TaskQueue.on(node);
            tasks.enqueue(type, "1", EnqueueOptions.none().withId("first"));
            replica.pause();
            assertThatThrownBy(() -> tasks.withTimeout(Duration.ofSeconds(1))
                            .enqueue(type, "2", EnqueueOptions.none().withId("second")))
                    .isInstanceOfSatisfying(
                            UnconfirmedException.class,
                            unconfirmed -> assertThat(unconfirmed.id()).contains("second"))
                    .hasMessageNotContaining("\n");
            replica.resume();
            tasks.enqueue(type, "2", EnqueueOptions.none().withId("second"));
            assertThat(tasks.inspect().queue(QUEUE).orElseThrow().waiting()).isEqualTo(2);
        }
    }

    @Test
    void aRepeatIsNotConfirmedEitherBeforeAReplicaHasTheTask() {
        try (Transport transport = open("100ms", Duration.ofSeconds(30))) {
            TaskBroker broker = transport.tasks().orElseThrow();
            Call call = new Call("lane", 1);
            replica.pause();
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> on(broker.enqueue(QUEUE, call, task())))
                        .isInstanceOf(TransportTimeoutException.class)
                        .hasMessageContaining("after 100 ms 0 of 1 replicas (replicas=1 in the URI) have it");
            }
            replica.resume();
            TaskFleet.eventually()
                    .ignoreExceptionsInstanceOf(TransportException.class)
                    .until(() -> on(broker.enqueue(QUEUE, call, task())).status() == Status.REPLAY);
            assertThat(replica.command("LLEN", "resque:queue:" + QUEUE)).isEqualTo("1");
        }
    }

    @Test
    void nothingElseWaitsBehindAConfirmation() {
        try (Transport transport = open("50s", Duration.ofSeconds(100))) {
            TaskBroker broker = transport.tasks().orElseThrow();
            on(broker.enqueue(QUEUE, new Call("a", 1), task()));
            replica.pause();
            CompletionStage<Enqueued> waiting = broker.enqueue(QUEUE, new Call("a", 2), task());
            for (int i = 0; i < 10; i++) {
                on(transport.time());
                on(broker.inspector().queues());
            }
            assertThat(waiting.toCompletableFuture()).isNotDone();
            replica.resume();
            assertThat(on(waiting).status()).isEqualTo(Status.OK);
        }
    }

    @Test
    void aRefusalIsToldAsOneAndTheSameCallMayBeRepeated() {
        try (Transport transport = open("50s", Duration.ofSeconds(100))) {
            TaskBroker broker = transport.tasks().orElseThrow();
            master.command("CONFIG", "SET", "maxmemory", "1");
            assertThatThrownBy(() -> on(broker.enqueue(QUEUE, new Call("a", 1), task())))
                    .hasMessageContaining("OOM");
            master.command("CONFIG", "SET", "maxmemory", "0");
            assertThat(on(broker.enqueue(QUEUE, new Call("a", 1), task())).status())
                    .isEqualTo(Status.OK);
        }
    }

    @Test
    void aConfirmationMayTakeHalfTheTimeOfACommandAtMost() {
        assertThatThrownBy(() -> open("600ms", Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "replicaTimeout must be at most half of the command timeout of 1000 ms, was 600 ms");
    }

    @Test
    @Tag("long")
    void nothingConfirmedIsLostInAFailover() throws InterruptedException {
        try (RedisSentinels sentinels = RedisSentinels.start();
                TaskFleet fleet =
                        new TaskFleet(Address.with("replicas=1&replicaTimeout=500ms", sentinels.uri()), drivers())) {
            fleet.start();
            RedisServer former = sentinels.master();
            former.kill();
            RedisServer present = sentinels.awaitFailoverFrom(former);
            // not the former one: it has nothing on disk, and as a master for a moment it could be followed
            try (RedisServer another = replicaOf(present)) {
                fleet.awaitMore(500);
                fleet.finish();
                assertThat(another.isRunning()).isTrue();
            }
            System.out.println("Master killed under load, enqueues confirmed by a replica: " + fleet);
            assertThat(fleet.lost()).isEmpty();
            assertThat(fleet.withFencesThatDoNotGrow()).isEmpty();
        }
    }
}
