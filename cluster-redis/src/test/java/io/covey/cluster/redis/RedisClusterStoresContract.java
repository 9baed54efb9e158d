package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.driver.HashSlots;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tck.TransportHarness;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contracts of the stores and the bus on a cluster of three masters, for each driver. */
public abstract class RedisClusterStoresContract extends StoreContracts {
    private static RedisCluster cluster;

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @BeforeAll
    static void startCluster() {
        cluster = RedisCluster.start();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Override
    final TransportHarness make() {
        return RedisHarness.of(cluster, drivers());
    }

    /** One master holds back what may write; what the others have done by then they were asked at the same time. */
    @Test
    final void manyKeysAreReadAndWrittenOnAllMastersAtOnce() {
        TransportConfig config = RedisHarness.of(cluster, drivers())
                .config()
                .withTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(60));
        Map<String, byte[]> values = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            values.put("k" + i, new byte[] {(byte) i});
        }
        try (Transport transport = RedisTransport.open(config, drivers())) {
            CacheStore cache = transport.cache().orElseThrow();
            onAllButOne("cmdstat_set:", () -> cache.putAll(values, new CacheStore.Expiry.Never()));
            onAllButOne(
                    "cmdstat_getex:",
                    () -> cache.getAllAndTouch(values.keySet(), new CacheStore.Expiry.After(Duration.ofMinutes(1))));
            onAllButOne("cmdstat_evalsha:", () -> cache.getAllTimed(values.keySet()));
            Map<String, CacheStore.Entry> found =
                    Await.on(cache.getAll(values.keySet()), Duration.ofSeconds(60), "read them");
            assertThat(found).hasSize(300);
        } finally {
            cluster.nodes().forEach(node -> node.command("CLIENT", "UNPAUSE"));
        }
    }

    @Test
    final void aScanFindsWhatIsThereAllTheWhileThoughAMasterGetsAnEarlierSlot() {
        RedisHarness harness = RedisHarness.of(cluster, drivers());
        RedisServer first = cluster.nodes().get(0);
        RedisServer last = cluster.nodes().get(2);
        String slotNought = IntStream.iterate(0, n -> n + 1)
                .mapToObj(n -> "{" + n + "}")
                .filter(key -> HashSlots.of(key.getBytes(UTF_8)) == 0)
                .findFirst()
                .orElseThrow();
        Map<String, byte[]> values = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            values.put("k" + i, new byte[] {(byte) i});
        }
        try (Transport transport = RedisTransport.open(harness.config(), drivers())) {
            CacheStore cache = transport.cache().orElseThrow();
            Await.on(cache.putAll(values, new CacheStore.Expiry.Never()), Duration.ofSeconds(60), "put");
            Set<String> found = new HashSet<>();
            Optional<String> cursor = Optional.empty();
            boolean moved = false;
            do {
                Page<String> page = Await.on(cache.scan("k", cursor, 10), Duration.ofSeconds(60), "scan");
                found.addAll(page.items());
                cursor = page.next();
                if (!moved
                        && page.items().stream()
                                .anyMatch(key -> cluster.masterOf(harness.keys().cache(key)) != first)) {
                    moved = true;
                    cluster.moveSlot(slotNought, last, () -> {});
                }
            } while (cursor.isPresent());
            assertThat(moved).isTrue();
            assertThat(found).containsAll(values.keySet());
        } finally {
            cluster.moveSlot(slotNought, first, () -> {});
        }
    }

    private static void onAllButOne(String statistic, Supplier<CompletionStage<?>> call) {
        List<RedisServer> masters = cluster.nodes();
        for (RedisServer deaf : masters) {
            List<RedisServer> others =
                    masters.stream().filter(node -> node != deaf).toList();
            List<String> before =
                    others.stream().map(node -> calls(node, statistic)).toList();
            deaf.command("CLIENT", "PAUSE", "60000", "WRITE");
            CompletableFuture<?> stage = call.get().toCompletableFuture();
            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                for (int i = 0; i < others.size(); i++) {
                    assertThat(calls(others.get(i), statistic)).isNotEqualTo(before.get(i));
                }
            });
            assertThat(stage).isNotDone();
            deaf.command("CLIENT", "UNPAUSE");
            Await.on(stage, Duration.ofSeconds(60), statistic);
        }
    }

    private static String calls(RedisServer node, String statistic) {
        return node.command("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith(statistic))
                .map(line -> line.substring(0, line.indexOf(',')))
                .collect(Collectors.joining());
    }
}
