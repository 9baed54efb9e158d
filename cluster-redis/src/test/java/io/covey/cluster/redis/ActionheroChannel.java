package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import io.covey.cluster.redis.embedded.RedisServer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A node of ours with two bridges to actionhero's channel, and an ear there that hears all. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ActionheroChannel {
    static final String TOKEN = "the-token-of-the-fleet";
    static final String UUID4 = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    static RedisServer server;
    Cluster cluster;
    ActionheroBridge bridge;
    ActionheroBridge old;
    private Registration tap;
    final Queue<String> said = new ConcurrentLinkedQueue<>();

    /** Of the driver under test, such as redis+jedis. */
    protected abstract String scheme();

    @BeforeAll
    static void startServer() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    final void join() throws Exception {
        server.command("FLUSHALL");
        cluster = Cluster.join(server.uri().replaceFirst("redis", scheme()));
        tap = transport()
                .messages()
                .foreign("actionhero", new Subscription.Receiver() {
                    @Override
                    public void onMessage(String channel, byte[] message) {
                        said.add(new String(message, UTF_8));
                    }

                    @Override
                    public void onGap(String reason) {}
                })
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        bridge = open(ActionheroFormat.V29, "java");
        old = open(ActionheroFormat.V9, "java9");
    }

    private RedisTransport transport() {
        return cluster.transport().part(RedisTransport.class).orElseThrow();
    }

    private ActionheroBridge open(ActionheroFormat format, String id) {
        return Actionhero.on(cluster, format)
                .bridge(TOKEN)
                .id(id)
                .timeout(Duration.ofMinutes(1))
                .open();
    }

    @AfterEach
    final void leave() {
        tap.close();
        cluster.close();
    }

    static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(5));
    }

    static String send(String message) {
        return server.command("PUBLISH", "actionhero", message);
    }

    final String awaitSaid(String regex) {
        eventually().until(() -> said.stream().anyMatch(line -> line.matches(regex)));
        return said.stream().filter(line -> line.matches(regex)).findFirst().orElseThrow();
    }
}
