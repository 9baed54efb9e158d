package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.CodecException;
import io.covey.cluster.RefusedException;
import io.covey.cluster.redis.ActionheroCache.Loaded;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** actionhero's keys, byte by byte as they were read from it, for each driver. {@link NodeCacheContract} asks the real one. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ActionheroContract {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String V29 = "{\"value\":{\"x\":[1,\"é\"]},\"createdAt\":1795308739879}";
    private static final String V9 =
            "{\"value\":\"v\",\"expireTimestamp\":%d,\"createdAt\":1795309474529,\"readAt\":null}";
    private static RedisServer server;
    private Cluster cluster;
    private Actionhero hero;
    private Actionhero old;

    record Odd(String text, double number, List<Integer> list) {}

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
    final void join() {
        server.command("FLUSHALL");
        cluster = Cluster.join(server.uri().replaceFirst("redis", scheme()));
        hero = Actionhero.on(cluster, ActionheroFormat.V29).withLockName("java");
        old = Actionhero.on(cluster, ActionheroFormat.V9).withLockName("java");
    }

    @AfterEach
    final void leave() {
        cluster.close();
    }

    private static String get(String key) {
        return server.command("GET", "actionhero:cache:" + key);
    }

    private static void set(String key, String bytes) {
        server.command("SET", "actionhero:cache:" + key, bytes);
    }

    private static long ttl(String key) {
        return Long.parseLong(server.command("PTTL", "actionhero:cache:" + key));
    }

    @Test
    final void anEntryOf29IsLoadedAndSaved() {
        set("k", V29);
        Loaded<Object> loaded = hero.cache(Object.class).load("k").orElseThrow();
        assertThat(loaded.value()).isEqualTo(Map.of("x", List.of(1, "é")));
        assertThat(loaded.createdAt()).isEqualTo(Instant.ofEpochMilli(1795308739879L));
        assertThat(loaded.expiresAt()).isEmpty();
        assertThat(loaded.lastReadAt()).isEmpty();
        assertThat(get("k")).isEqualTo(V29);

        hero.cache(Object.class).save("k", Map.of("x", List.of(1, "é")));
        assertThat(get("k")).matches("\\{\"value\":\\{\"x\":\\[1,\"é\"]},\"createdAt\":[0-9]{13}}");
        assertThat(ttl("k")).isEqualTo(-1);
        hero.cache(Odd.class).save("k", new Odd("\u2028</>\"\u0001", 1.0, List.of()), MINUTE);
        assertThat(get("k"))
                .matches("\\{\"value\":\\{\"text\":\"\u2028</>\\\\\"\\\\u0001\",\"number\":1,\"list\":\\[]},"
                        + "\"createdAt\":[0-9]{13}}");
        assertThat(ttl("k")).isBetween(1L, 60_000L);
        assertThat(hero.cache(Odd.class).load("k").orElseThrow().value())
                .isEqualTo(new Odd("\u2028</>\"\u0001", 1.0, List.of()));
        assertThat(hero.cache(Odd.class).load("k", Duration.ofHours(1))).isPresent();
        assertThat(ttl("k")).isBetween(60_001L, 3_600_000L);
        hero.cache(String.class).save("k", "text");
        assertThat(get("k")).startsWith("{\"value\":\"text\",\"createdAt\":");
        assertThat(hero.cache(String.class).load("k").orElseThrow().value()).isEqualTo("text");
        assertThat(hero.cache(String.class).keys("")).containsExactly("k");
        assertThat(hero.cache(String.class).destroy("k")).isTrue();
        assertThat(hero.cache(String.class).destroy("k")).isFalse();
        assertThat(hero.cache(String.class).load("k")).isEmpty();
    }

    @Test
    final void anEntryOf9IsLoadedAndSavedAndKeepsWhenItWasRead() {
        ActionheroCache<String> cache = old.cache(String.class);
        long end = Instant.now().plusSeconds(600).toEpochMilli();
        set("k", String.format(V9, end));
        server.command("PEXPIRE", "actionhero:cache:k", "600000");
        Loaded<String> first = cache.load("k").orElseThrow();
        assertThat(first.value()).isEqualTo("v");
        assertThat(first.expiresAt()).contains(Instant.ofEpochMilli(end));
        assertThat(first.lastReadAt()).isEmpty();
        String read = String.format(V9, end).replace("null}", "");
        assertThat(get("k")).startsWith(read).matches(".*\"readAt\":[0-9]{13}}");
        assertThat(ttl("k")).isBetween(1L, 600_000L);
        long readAt = Long.parseLong(get("k").replaceAll(".*:([0-9]+)}", "$1"));
        assertThat(cache.load("k", Duration.ofHours(1)).orElseThrow().lastReadAt())
                .contains(Instant.ofEpochMilli(readAt));
        assertThat(ttl("k")).isBetween(600_001L, 3_601_000L);
        assertThat(cache.load("k").orElseThrow().expiresAt())
                .get()
                .satisfies(at -> assertThat(at).isAfter(Instant.ofEpochMilli(end)));

        cache.save("k", "new");
        assertThat(get("k"))
                .matches("\\{\"value\":\"new\",\"expireTimestamp\":null,\"createdAt\":[0-9]{13},\"readAt\":null}");
        assertThat(ttl("k")).isEqualTo(-1);
        cache.load("k", MINUTE);
        assertThat(get("k")).contains("\"expireTimestamp\":null").matches(".*\"readAt\":[0-9]{13}}");
        assertThat(ttl("k")).isEqualTo(-1);
        cache.save("k", "new", Duration.ofMillis(90_500));
        assertThat(ttl("k")).isBetween(1L, 91_000L);
        long created = Long.parseLong(get("k").replaceAll(".*\"createdAt\":([0-9]+).*", "$1"));
        assertThat(get("k")).contains("\"expireTimestamp\":" + (created + 90_500) + ",");
        set("k", String.format(V9, Instant.now().minusSeconds(60).toEpochMilli()));
        assertThat(cache.load("k")).isEmpty();
        assertThat(hero.cache(String.class).load("k")).isEmpty();
    }

    @Test
    final void whatJavaScriptSavedAsNothingIsNull() {
        set("null", "{\"value\":null,\"createdAt\":1}");
        set("undefined", "{\"createdAt\":1}");
        assertThat(hero.cache(String.class).load("null").orElseThrow().value()).isNull();
        assertThat(hero.cache(String.class).load("undefined").orElseThrow().value())
                .isNull();
    }

    @Test
    final void whatCannotBeReadOrWrittenIsNamed() {
        for (String bytes : List.of("no json", "5", "null", "[]", "{}", "{\"value\":1,\"createdAt\":\"x\"}")) {
            set("k", bytes);
            for (Actionhero each : List.of(hero, old)) {
                assertThatThrownBy(() -> each.cache(String.class).load("k"))
                        .as(bytes)
                        .isInstanceOf(CodecException.class)
                        .hasMessageContaining("actionhero's key \"k\"");
            }
            assertThat(get("k")).isEqualTo(bytes);
        }
        set("k", V29);
        assertThatThrownBy(() -> hero.cache(String.class).load("k")).hasMessageContaining("no text");
        assertThatThrownBy(() -> hero.cache(Odd[].class).load("k")).hasMessageContaining("json:Odd[]");
        hero.list("list", String.class).push("x");
        assertThatThrownBy(() -> hero.cache(String.class).load("list"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("\"list\" is of another kind");
        assertThatThrownBy(() -> hero.list("k", String.class).pop()).hasMessageContaining("\"k\" is of another kind");
        ActionheroCache<String> cache = hero.cache(String.class);
        assertThatThrownBy(() -> cache.save("k", null)).hasMessageContaining("null");
        assertThatThrownBy(() -> cache.save("", "v")).hasMessageContaining("key is 1 to 1024");
        assertThatThrownBy(() -> cache.save("a\nb", "v")).hasMessageContaining("control characters");
        assertThatThrownBy(() -> cache.save("k", "v", Duration.ZERO)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> cache.save("k", "x".repeat(1 << 22)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("limit is 4194304");
        assertThatThrownBy(() -> hero.cache(byte[].class)).hasMessageContaining("JSON alone");
        assertThatThrownBy(() -> hero.withLockName("")).hasMessageContaining("lock name");
        assertThat(get("k")).isEqualTo(V29);
    }

    @Test
    final void locksOfOthersAreMindedAndOursAreWrittenAsTheirs() {
        ActionheroCache<String> cache = hero.cache(String.class);
        cache.save("k", "v");
        server.command("SET", "actionhero:lock:k", "192.0.2.2", "PX", "60000");
        for (Actionhero each : List.of(hero, old)) {
            ActionheroCache<String> mine = each.cache(String.class);
            assertLocked(() -> mine.load("k"));
            assertLocked(() -> mine.load("k", MINUTE));
            assertLocked(() -> mine.destroy("k"));
            assertLocked(() -> {
                mine.save("k", "x");
                return null;
            });
            assertThat(each.lock("k", MINUTE)).isFalse();
            assertThat(each.unlock("k")).isFalse();
            assertThat(each.lockedBy("k")).contains("192.0.2.2");
        }
        assertThat(ttl("k")).isEqualTo(-1);
        Actionhero theirs = hero.withLockName("192.0.2.2");
        assertThat(theirs.cache(String.class).load("k").orElseThrow().value()).isEqualTo("v");
        assertThat(theirs.unlock("k")).isTrue();
        assertThat(hero.lockedBy("k")).isEmpty();

        assertThat(hero.lock("k", Duration.ofSeconds(10))).isTrue();
        assertThat(server.command("GET", "actionhero:lock:k")).isEqualTo("java");
        assertThat(Long.parseLong(server.command("PTTL", "actionhero:lock:k"))).isBetween(1L, 10_000L);
        assertThat(hero.lock("k", MINUTE)).isFalse();
        cache.save("k", "w");
        assertThat(old.unlock("k")).isTrue();
        assertThat(Actionhero.on(cluster, ActionheroFormat.V29).lock("k", MINUTE))
                .isTrue();
        assertThat(hero.lockedBy("k")).contains(cluster.self().id());
    }

    @Test
    final void aLoadThatWaitsSeesTheKeyUnlocked() {
        for (Actionhero each : List.of(hero, old)) {
            ActionheroCache<String> cache = each.cache(String.class);
            server.command("DEL", "actionhero:lock:k");
            cache.save("k", "v");
            server.command("SET", "actionhero:lock:k", "192.0.2.2", "PX", "300");
            assertThat(cache.waiting(Duration.ofMinutes(2))
                            .load("k")
                            .orElseThrow()
                            .value())
                    .isEqualTo("v");
            server.command("SET", "actionhero:lock:k", "192.0.2.2", "PX", "60000");
            assertLocked(() -> cache.waiting(Duration.ofMillis(250)).load("k"));
            assertLocked(() -> cache.load("k"));
        }
    }

    @Test
    final void timesBeyondAllClocksAreTakenOrRefusedByName() {
        Duration forever = ChronoUnit.FOREVER.getDuration();
        ActionheroCache<String> cache = hero.cache(String.class);
        cache.save("k", "v");
        assertThat(cache.waiting(forever).load("k")).isPresent();
        assertThat(hero.lock("locked", forever)).isTrue();
        assertThat(hero.lock("locked", forever)).isFalse();
        assertThatThrownBy(() -> hero.bridge("the-token-of-the-fleet").timeout(forever))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 ms to PT1H");
    }

    private static void assertLocked(Callable<?> call) {
        assertThatThrownBy(call::call)
                .isInstanceOfSatisfying(
                        ActionheroLockedException.class,
                        e -> assertThat(e.holder()).isEqualTo("192.0.2.2"))
                .hasMessage("actionhero's key \"k\" is locked by \"192.0.2.2\"; nothing was done");
    }

    @Test
    final void ofManyWhoLockOneSucceeds() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 20; round++) {
                String key = "k" + round;
                CountDownLatch go = new CountDownLatch(1);
                List<Future<Boolean>> tries = new ArrayList<>();
                for (int n = 0; n < 8; n++) {
                    Actionhero each = hero.withLockName("n" + n);
                    tries.add(threads.submit(() -> {
                        go.await();
                        return each.lock(key, MINUTE);
                    }));
                }
                go.countDown();
                int won = 0;
                for (Future<Boolean> each : tries) {
                    won += each.get() ? 1 : 0;
                }
                assertThat(won).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** actionhero 9 loses about half of these. */
    @Test
    final void aLoadNeverBringsBackWhatASaveHasReplaced() throws Exception {
        ActionheroCache<Integer> cache = old.cache(Integer.class);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 150; round++) {
                int value = round;
                cache.save("k", -1);
                Future<?> load = threads.submit(() -> cache.load("k"));
                Future<?> save = threads.submit(() -> cache.save("k", value));
                load.get();
                save.get();
                assertThat(cache.load("k").orElseThrow().value()).isEqualTo(value);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    final void listsHoldEachItemAsData() {
        ActionheroList<Object> list = hero.list("jobs", Object.class);
        assertThat(list.push(Map.of("a", 1.0))).isEqualTo(1);
        assertThat(list.push("text")).isEqualTo(2);
        assertThat(server.command("LINDEX", "actionhero:cache:jobs", "0")).isEqualTo("{\"data\":{\"a\":1}}");
        assertThat(server.command("LINDEX", "actionhero:cache:jobs", "1")).isEqualTo("{\"data\":\"text\"}");
        server.command(
                "RPUSH", "actionhero:cache:jobs", "{\"data\":[1,\"é\"]}", "{\"data\":null}", "{}", "rubbish", "7");
        assertThat(list.size()).isEqualTo(7);
        assertThat(list.pop()).contains(Map.of("a", 1));
        assertThat(list.pop()).contains("text");
        assertThat(list.pop()).contains(List.of(1, "é"));
        assertThat(list.pop()).isEmpty();
        assertThat(list.pop()).isEmpty();
        assertThatThrownBy(list::pop).isInstanceOf(CodecException.class).hasMessageContaining("it is removed");
        assertThatThrownBy(list::pop).isInstanceOf(CodecException.class).hasMessageContaining("it is removed");
        assertThat(list.size()).isZero();
        assertThat(list.pop()).isEmpty();
        assertThatThrownBy(() -> list.push(null)).hasMessageContaining("null");
    }

    @Test
    final void countersAreFieldsOfAHash() {
        server.command("HSET", "actionhero:stats", "connections:totalConnections", "7");
        ActionheroStats stats = hero.stats();
        stats.add("connections:totalConnections", 3);
        stats.add(Map.of("mine", 1L, "less", -2L));
        assertThat(server.command("HGET", "actionhero:stats", "connections:totalConnections"))
                .isEqualTo("10");
        assertThat(stats.read()).isEqualTo(Map.of("connections:totalConnections", 10L, "mine", 1L, "less", -2L));
        assertThat(stats.read(List.of("mine", "none"))).isEqualTo(Map.of("mine", 1L));
        server.command("HSET", "actionhero:stats", "odd", "1.5");
        assertThatThrownBy(() -> stats.add(Map.of("mine", 1L, "odd", 1L)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("counter odd holds no integer");
        assertThat(stats.read(List.of("mine"))).isEqualTo(Map.of("mine", 1L));
        assertThatThrownBy(stats::read).isInstanceOf(CodecException.class).hasMessageContaining("Counter odd");
        hero.stats("other:stats").add("n", 1);
        assertThat(server.command("HGET", "other:stats", "n")).isEqualTo("1");
    }

    @Test
    final void otherPrefixesAreOtherData() {
        Actionhero other = hero.withCachePrefix("app:c:").withLockPrefix("app:l:");
        other.cache(String.class).save("k", "v");
        assertThat(server.command("GET", "app:c:k")).startsWith("{\"value\":\"v\"");
        assertThat(other.lock("k", MINUTE)).isTrue();
        assertThat(server.command("GET", "app:l:k")).isEqualTo("java");
        assertThat(hero.cache(String.class).load("k")).isEmpty();
        assertThat(other.cache(String.class).keys("k")).containsExactly("k");
        assertThat(hero.cache(String.class).keys("")).isEmpty();
    }

    @Test
    final void redisIsFoundInAMixedTransport() {
        Transport redis = cluster.transport();
        try (Cluster local = Cluster.join("local:hero")) {
            assertThat(Transport.of(local.transport(), redis)
                            .part(RedisTransport.class)
                            .map(Transport.class::cast))
                    .contains(redis);
        }
    }

    @Test
    final void withoutRedisThereIsNoActionhero() {
        try (Cluster local = Cluster.join("local:hero")) {
            assertThatThrownBy(() -> Actionhero.on(local, ActionheroFormat.V29))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("local:hero");
        }
    }

    @Test
    @Tag("long")
    final void onRedisClusterKeyAndLockMayBeOnDifferentServers() {
        try (RedisCluster redis = RedisCluster.start();
                Cluster node = Cluster.join(
                        redis.uri().replaceFirst("redis-cluster", scheme().replaceFirst("redis", "redis-cluster")))) {
            Actionhero here = Actionhero.on(node, ActionheroFormat.V9).withLockName("java");
            Actionhero there = here.withLockName("another");
            for (int i = 0; i < 20; i++) {
                String key = "k" + i;
                here.cache(String.class).save(key, "v" + i, MINUTE);
                assertThat(there.lock(key, MINUTE)).isTrue();
                assertThatThrownBy(() -> here.cache(String.class).load(key))
                        .isInstanceOf(ActionheroLockedException.class);
                assertThat(there.unlock(key)).isTrue();
                assertThat(here.cache(String.class).load(key).orElseThrow().value())
                        .isEqualTo("v" + i);
                here.list("list" + i, String.class).push("x");
            }
            assertThat(here.cache(String.class).keys("k")).hasSize(20);
            here.stats().add("n", 2);
            assertThat(here.stats().read()).isEqualTo(Map.of("n", 2L));
            assertThat(here.list("list7", String.class).pop()).contains("x");
        }
    }
}
