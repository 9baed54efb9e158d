package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.SharedList;
import io.covey.cluster.Stats;
import io.covey.cluster.redis.driver.Address;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tck.FaultProxy;
import io.covey.cluster.tck.FaultProxy.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lists and counters when connections end before the answer, for each driver. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ListFaultContract {
    /** Pushes and pops are repeated for twice as long. */
    private static final Duration COMMAND = Duration.ofSeconds(30);

    private RedisServer server;
    private FaultProxy proxy;
    private Cluster node;

    /** Of the driver under test, such as redis+jedis. */
    protected abstract String scheme();

    @BeforeEach
    final void join() {
        server = RedisServer.start();
        proxy = EveryServer.seeing(server);
        String uri = Address.through(proxy, server).replaceFirst("redis", scheme());
        node = Cluster.join(ClusterConfig.builder(uri)
                .transport(TransportConfig.of(uri).withTimeouts(COMMAND, COMMAND))
                .build());
    }

    @AfterEach
    final void close() {
        try {
            node.close();
        } finally {
            proxy.close();
            server.close();
        }
    }

    @Test
    final void aPushWhoseAnswerTheNetworkLosesAddsOnce() {
        SharedList<String> list = node.list("a", String.class);
        for (Ending ending : Ending.values()) {
            list.clear();
            list.push("before");
            Future<Void> dropped = proxy.dropNextAnswerTo("RPUSH", ending);
            assertThat(list.push("x")).isEqualTo(2);
            assertThat(dropped).isDone();
            assertThat(list.push("after")).isEqualTo(3);
            assertThat(list.range(0, 10)).containsExactly("before", "x", "after");
        }
    }

    @Test
    final void aPopWhoseAnswerTheNetworkLosesLosesNoItem() {
        SharedList<String> list = node.list("a", String.class);
        for (Ending ending : Ending.values()) {
            list.clear();
            list.pushAll(List.of("first", "x", "y", "last"));
            assertThat(list.pop()).contains("first");
            Future<Void> dropped = proxy.dropNextAnswerTo("LPOP", ending);
            assertThat(list.pop(2)).containsExactly("x", "y");
            assertThat(dropped).isDone();
            assertThat(list.pop()).contains("last");
            assertThat(list.pop()).isEmpty();
        }
    }

    @Test
    final void aCountWhoseAnswerTheNetworkLosesCountsOnce() {
        Stats stats = node.stats("web");
        stats.add("hits", 1);
        stats.flush();
        Future<Void> dropped = proxy.dropNextAnswerTo("hits", Ending.RST);
        stats.add("hits", 10);
        Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> {
            stats.flush();
            assertThat(dropped).isDone();
            assertThat(stats.read("hits")).isEqualTo(11);
        });
    }

    @Test
    final void aCountForActionheroWhoseAnswerTheNetworkLosesCountsOnce() {
        ActionheroStats stats = Actionhero.on(node, ActionheroFormat.V9).stats();
        stats.add("hits", 1);
        for (Ending ending : Ending.values()) {
            Future<Void> dropped = proxy.dropNextAnswerTo("hits", ending);
            stats.add("hits", 10);
            assertThat(dropped).isDone();
        }
        assertThat(stats.read()).isEqualTo(Map.of("hits", 21L));
    }

    @Test
    final void connectionsThatEndAllTheTimeCostNoItemAndDoubleNone() throws Exception {
        int items = 400;
        SharedList<Integer> list = node.list("a", Integer.class);
        CompletableFuture<List<Integer>> popping = CompletableFuture.supplyAsync(() -> {
            List<Integer> popped = new ArrayList<>();
            while (popped.size() < items) {
                popped.addAll(list.pop(7));
            }
            return popped;
        });
        CompletableFuture<Void> pushing = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < items; i++) {
                list.push(i);
                if (i % 40 == 20) {
                    proxy.reset();
                    proxy.pass();
                }
            }
        });
        pushing.get();
        assertThat(popping.get())
                .containsExactlyElementsOf(IntStream.range(0, items).boxed().toList());
        assertThat(list.size()).isZero();
    }
}
