package io.covey.cluster.examples.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.Cluster;
import io.covey.cluster.CodecException;
import io.covey.cluster.EntryInfo;
import io.covey.cluster.Loading;
import io.covey.cluster.NearOptions;
import io.covey.cluster.examples.OnEveryTransport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes and one cache, on every transport. */
@Timeout(120)
final class SharedCacheTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @OnEveryTransport
    void oneNodeLoadsAndAllHaveIt(String scheme) throws Exception {
        try (Backend backend = new Backend(scheme)) {
            AtomicInteger loads = new AtomicInteger();
            Loading<String> loading = Loading.of(HOUR, key -> Optional.of(key + loads.incrementAndGet()))
                    .acrossCluster();
            List<Cache<String>> caches = caches(backend, CacheOptions.none());
            assertThat(together(8, number -> caches.get(number % 2).get("a", loading)))
                    .containsOnly(Optional.of("a1"));

            Loading<String> nothing = Loading.<String>of(HOUR, key -> {
                        loads.incrementAndGet();
                        return Optional.empty();
                    })
                    .rememberAbsence(HOUR)
                    .acrossCluster();
            assertThat(together(8, number -> caches.get(number % 2).get("none", nothing)))
                    .containsOnly(Optional.empty());
            assertThat(loads).hasValue(2);
            assertThat(caches.get(0).putIfAbsent("none", "some", HOUR)).isTrue();
            assertThat(caches.get(1).get("none", nothing)).contains("some");

            Loading<String> early = loading.refreshAfter(Duration.ofMillis(1));
            await().atMost(PATIENCE).until(() -> !caches.get(1).get("a", early).equals(Optional.of("a1")));
        }
    }

    @OnEveryTransport
    void compareAndSetByValueLosesNoUpdate(String scheme) throws Exception {
        try (Backend backend = new Backend(scheme)) {
            List<Cache<String>> caches = caches(backend, CacheOptions.none());
            caches.get(0).put("n", "0", HOUR);
            together(8, number -> {
                Cache<String> mine = caches.get(number % 2);
                for (int done = 0; done < 20; ) {
                    String seen = mine.get("n").orElseThrow();
                    done += mine.replace("n", seen, String.valueOf(Integer.parseInt(seen) + 1)) ? 1 : 0;
                }
                return number;
            });
            assertThat(caches.get(1).get("n")).contains("160");
            assertThat(caches.get(1).info("n").orElseThrow().expires())
                    .as("the time to live stays")
                    .isPresent();
        }
    }

    @OnEveryTransport
    void nearCopiesShowTheWritesOfTheirNodeAtOnceAndThoseOfOthersSoonAndEndWithTheirEntry(String scheme) {
        try (Backend backend = new Backend(scheme)) {
            Cluster here = backend.join(backend.config("here"));
            CacheOptions near = CacheOptions.none().near(NearOptions.entries(100));
            Cache<String> copies = here.cache("things", String.class, near);
            Cache<String> plain = here.cache("things", String.class);
            Cache<String> elsewhere = backend.join(backend.config("elsewhere")).cache("things", String.class);
            copies.put("a", "0", HOUR);
            await().atMost(PATIENCE).until(() -> {
                copies.get("a");
                return copies.nearStats().orElseThrow().hits() > 0;
            });
            for (int i = 1; i <= 50; i++) {
                (i % 2 == 0 ? copies : plain).put("a", String.valueOf(i), HOUR);
                assertThat(copies.get("a")).contains(String.valueOf(i));
            }
            assertThat(plain.remove("a")).isTrue();
            assertThat(copies.get("a")).isEmpty();

            elsewhere.put("a", "theirs", HOUR);
            await().atMost(PATIENCE).until(() -> copies.get("a").equals(Optional.of("theirs")));
            elsewhere.put("short", "lived", Duration.ofMillis(300));
            copies.get("short");
            await().atMost(PATIENCE).until(() -> elsewhere.get("short").isEmpty());
            await().atMost(PATIENCE).until(() -> copies.get("short").isEmpty());
        }
    }

    @OnEveryTransport
    void readsOfASlidingCacheMoveTheEndOfItsValues(String scheme) {
        try (Backend backend = new Backend(scheme)) {
            CacheOptions sliding = CacheOptions.withTtl(HOUR).sliding();
            Cache<String> cache = caches(backend, sliding).get(1);
            Cache<String> plain = caches(backend, CacheOptions.none()).get(0);
            Duration short1 = Duration.ofMinutes(5);
            plain.putAll(Map.of("got", "1", "all", "1", "entry", "1", "unread", "1"), short1);
            assertThat(cache.get("got")).contains("1");
            assertThat(cache.getAll(List.of("all", "none"))).containsOnlyKeys("all");
            assertThat(cache.getEntry("entry")).isPresent();
            assertThat(cache.info("unread")).isPresent();
            plain.put("own", "1");
            cache.put("new", "1");

            Instant half = Instant.now().plus(Duration.ofMinutes(30));
            for (String key : List.of("got", "all", "entry", "new")) {
                EntryInfo info = cache.info(key).orElseThrow();
                assertThat(info.expires().orElseThrow()).as(key).isAfter(half);
                assertThat(info.lastUsed().orElseThrow())
                        .as(key)
                        .isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
            }
            assertThat(cache.info("unread").orElseThrow().expires().orElseThrow())
                    .isBefore(half);
            assertThat(cache.info("own").orElseThrow().expires()).isEmpty();
        }
    }

    @OnEveryTransport
    void aDumpTakesEverythingToAnotherCluster(String scheme) throws Exception {
        Path file = folder.resolve("texts.dump");
        Map<String, String> values =
                IntStream.range(0, 1500).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v".repeat(i)));
        String mebibyte = "m".repeat(1 << 20);
        Instant expires;
        try (Backend backend = new Backend(scheme)) {
            Cache<String> cache = caches(backend, CacheOptions.none()).get(0);
            cache.putAll(values, HOUR);
            cache.put("large", mebibyte);
            expires = cache.info("k7").orElseThrow().expires().orElseThrow();
            assertThat(cache.dump(file)).isEqualTo(1501);
        }
        try (Backend backend = new Backend(scheme.equals("local") ? "redis+lettuce" : "local")) {
            Cache<String> cache = caches(backend, CacheOptions.none()).get(1);
            assertThat(cache.load(file)).isEqualTo(1501);
            assertThat(cache.getAll(values.keySet())).isEqualTo(values);
            assertThat(cache.get("large")).contains(mebibyte);
            assertThat(cache.info("large").orElseThrow().expires()).isEmpty();
            assertThat(cache.info("k7").orElseThrow().expires().orElseThrow())
                    .isCloseTo(expires, within(1, ChronoUnit.MINUTES));
            cache.clear("");
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 50]++;
            Files.write(file, bytes);
            assertThatThrownBy(() -> cache.load(file)).isInstanceOf(CodecException.class);
            assertThat(cache.size()).isZero();
        }
    }

    private static List<Cache<String>> caches(Backend backend, CacheOptions options) {
        Cluster one = backend.join(backend.config("one"));
        Cluster two = backend.join(backend.config("two"));
        return List.of(one.cache("texts", String.class, options), two.cache("texts", String.class, options));
    }

    /** What each of some threads does. */
    private interface Part<T> {
        T run(int number) throws Exception;
    }

    private static <T> List<T> together(int threads, Part<T> part) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<T>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                parts.add(() -> part.run(number));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : pool.invokeAll(parts)) {
                results.add(result.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }
}
