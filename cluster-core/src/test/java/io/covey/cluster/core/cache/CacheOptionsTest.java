package io.covey.cluster.core.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.CodecException;
import io.covey.cluster.EntryInfo;
import io.covey.cluster.NearOptions;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheOptionsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration ALMOST = Duration.ofSeconds(59);

    private final CacheNodes nodes = new CacheNodes();
    private final CacheNodes.Joined one = nodes.join("one");
    private final Cache<String> plain = one.cache("texts", String.class);

    @AfterEach
    void close() {
        nodes.close();
    }

    @Test
    void aValueWithoutATimeToLiveGetsThatOfTheOptions() {
        Cache<String> texts = one.cache("texts", String.class, CacheOptions.withTtl(MINUTE));
        texts.put("a", "1");
        texts.putAll(Map.of("b", "1"));
        texts.put("own", "1", HOUR);
        plain.put("eternal", "1");
        assertThat(plain.getAll(List.of("a", "b"))).hasSize(2);
        nodes.clock.advance(MINUTE);
        assertThat(plain.getAll(List.of("a", "b", "own", "eternal"))).containsOnlyKeys("own", "eternal");
    }

    @Test
    void eachReadOfASlidingCacheGivesTheValueItsTimeAnew() {
        Cache<String> texts =
                one.cache("texts", String.class, CacheOptions.withTtl(MINUTE).sliding());
        texts.putAll(Map.of("got", "1", "entry", "1", "all", "1", "stage", "1", "looked", "1", "unread", "1"));
        for (int i = 0; i < 3; i++) {
            nodes.clock.advance(ALMOST);
            assertThat(texts.get("got")).contains("1");
            assertThat(texts.getEntry("entry")).isPresent();
            assertThat(texts.getAll(List.of("all", "none"))).containsOnlyKeys("all");
            assertThat(texts.async().get("stage").toCompletableFuture().join()).isPresent();
            if (i == 0) {
                assertThat(texts.info("looked")).isPresent();
            }
        }
        assertThat(plain.getAll(List.of("got", "entry", "all", "stage", "looked", "unread")))
                .containsOnlyKeys("got", "entry", "all", "stage");
        nodes.clock.advance(MINUTE);
        assertThat(texts.get("got")).isEmpty();
    }

    @Test
    void whatIsKnownOfAnEntryIsToldAndWhatIsNotIsNot() {
        Instant start = nodes.clock.instant();
        plain.put("eternal", "12345");
        plain.put("hour", "1", HOUR);
        nodes.clock.advance(MINUTE);
        EntryInfo eternal = plain.info("eternal").orElseThrow();
        assertThat(eternal.written()).isEqualTo(start);
        assertThat(eternal.expires()).isEmpty();
        assertThat(eternal.lastUsed()).isEmpty();
        assertThat(eternal.bytes()).isEqualTo(Cell.longest(5));
        assertThat(eternal.version())
                .isEqualTo(plain.getEntry("eternal").orElseThrow().version());
        assertThat(plain.info("hour").orElseThrow().expires()).contains(start.plus(HOUR));
        assertThat(plain.info("none")).isEmpty();
        plain.touch("hour", HOUR);
        EntryInfo touched = plain.info("hour").orElseThrow();
        assertThat(touched.written()).isEqualTo(start);
        assertThat(touched.expires()).contains(start.plus(MINUTE).plus(HOUR));

        Cache<String> sliding =
                one.cache("sliding", String.class, CacheOptions.withTtl(HOUR).sliding());
        sliding.put("a", "1");
        Instant written = nodes.clock.instant();
        assertThat(sliding.info("a").orElseThrow().lastUsed()).contains(written);
        nodes.clock.advance(MINUTE);
        sliding.get("a");
        nodes.clock.advance(MINUTE);
        assertThat(sliding.info("a").orElseThrow().lastUsed()).contains(written.plus(MINUTE));
        sliding.put("other", "1", MINUTE);
        assertThat(sliding.info("other").orElseThrow().lastUsed()).isEmpty();
    }

    @Test
    void aValueIsReplacedOverAnEqualOneOnly() {
        plain.put("a", "1", MINUTE);
        assertThat(plain.replace("a", "2", "3")).isFalse();
        assertThat(plain.replace("none", "1", "3")).isFalse();
        assertThat(plain.replace("a", "1", "2")).isTrue();
        assertThat(plain.get("a")).contains("2");
        nodes.clock.advance(MINUTE);
        assertThat(plain.get("a")).as("the time to live stays").isEmpty();
    }

    @Test
    void compareAndSetByValueLosesNoUpdateOfEightThreads() throws Exception {
        Cache<Long> here = one.cache("numbers", Long.class);
        Cache<Long> there = nodes.join("two").cache("numbers", Long.class);
        here.put("n", 0L);
        Thread[] threads = new Thread[8];
        for (int t = 0; t < threads.length; t++) {
            Cache<Long> mine = t % 2 == 0 ? here : there;
            threads[t] = new Thread(() -> {
                for (int done = 0; done < 50; ) {
                    long seen = mine.get("n").orElseThrow();
                    done += mine.replace("n", seen, seen + 1) ? 1 : 0;
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(here.get("n")).contains(400L);
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        CacheOptions options = CacheOptions.withTtl(MINUTE);
        assertThatThrownBy(() -> CacheOptions.none().sliding()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.sliding().near(NearOptions.entries(10)))
                .isInstanceOf(IllegalArgumentException.class);
        for (Duration bad : List.of(Duration.ZERO, Duration.ofNanos(999_999), Duration.ofDays(3651))) {
            assertThatThrownBy(() -> CacheOptions.withTtl(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(bad.toString())
                    .hasMessageContaining("10 years");
            assertThatThrownBy(() -> NearOptions.entries(1).withTtl(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> NearOptions.entries(0)).hasMessageContaining("0");
        assertThatThrownBy(() -> NearOptions.bytes(1023)).hasMessageContaining("1023");
        assertThatThrownBy(() -> NearOptions.entries(1).withMaxStale(Duration.ofMillis(999)))
                .hasMessageContaining("maxStale");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "a\u0000", "\u007f", "\ud800", "ü257"})
    void aBadKeyIsRefusedByEveryMethodWithCacheAndLimit(String given) {
        String key = given.equals("ü257") ? "ü".repeat(257) : given;
        List<Runnable> calls = List.of(
                () -> plain.get(key),
                () -> plain.get(key, MINUTE, k -> java.util.Optional.of("1")),
                () -> plain.getEntry(key),
                () -> plain.info(key),
                () -> plain.getAll(List.of("good", key)),
                () -> plain.put(key, "1"),
                () -> plain.put(key, "1", MINUTE),
                () -> plain.putAll(Map.of(key, "1")),
                () -> plain.putAll(Map.of(key, "1"), MINUTE),
                () -> plain.putIfAbsent(key, "1", MINUTE),
                () -> plain.replace(key, new Cache.Entry<>("1", 1), "2"),
                () -> plain.replace(key, "1", "2"),
                () -> plain.touch(key, MINUTE),
                () -> plain.getAndTouch(key, MINUTE),
                () -> plain.remove(key),
                () -> plain.async().get(key),
                () -> plain.async().getAll(List.of(key)),
                () -> plain.async().put(key, "1", MINUTE),
                () -> plain.async().putIfAbsent(key, "1", MINUTE),
                () -> plain.async().remove(key));
        assertThat(calls)
                .allSatisfy(call -> assertThatThrownBy(call::run)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("texts")
                        .hasMessageContaining("512"));
        assertThat(plain.size()).isZero();
    }

    @Test
    void badValuesAndTimesAreRefusedWithKeyValueAndLimit() {
        String over = "x".repeat(CacheNodes.MAX_VALUE + 1);
        List<Runnable> tooLong = List.of(
                () -> plain.put("key", over),
                () -> plain.putAll(Map.of("good", "1", "key", over)),
                () -> plain.putIfAbsent("key", over, MINUTE),
                () -> plain.replace("key", "1", over),
                () -> plain.async().put("key", over, MINUTE));
        assertThat(tooLong)
                .allSatisfy(call -> assertThatThrownBy(call::run)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("texts")
                        .hasMessageContaining("\"key\"")
                        .hasMessageContaining("1001")
                        .hasMessageContaining("1000"));
        for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(3651))) {
            List<Runnable> times = List.of(
                    () -> plain.put("key", "1", bad),
                    () -> plain.putAll(Map.of("key", "1"), bad),
                    () -> plain.putIfAbsent("key", "1", bad),
                    () -> plain.touch("key", bad),
                    () -> plain.getAndTouch("key", bad),
                    () -> plain.async().put("key", "1", bad),
                    () -> plain.async().putIfAbsent("key", "1", bad));
            assertThat(times)
                    .allSatisfy(call -> assertThatThrownBy(call::run)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("texts")
                            .hasMessageContaining(bad.toString())
                            .hasMessageContaining("10 years"));
        }
        assertThat(plain.size()).isZero();
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullIsRefusedWithTheNameOfTheKey() {
        String none = null;
        List<Runnable> calls = List.of(
                () -> plain.put("key", none),
                () -> plain.put("key", none, MINUTE),
                () -> plain.putIfAbsent("key", none, MINUTE),
                () -> plain.replace("key", "1", none),
                () -> plain.putAll(java.util.Collections.singletonMap("key", none)),
                () -> plain.async().put("key", none, MINUTE));
        assertThat(calls)
                .allSatisfy(call -> assertThatThrownBy(call::run)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("\"key\"")
                        .hasMessageContaining("null"));
        assertThatThrownBy(() -> plain.get(none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12345", "\u00ff12345678", "!foreign bytes"})
    void bytesThatNoCacheWroteAreAnErrorThatNamesTheKeyUntilTheyAreWrittenOver(String bytes) {
        CacheStore store = nodes.raw().cache().orElseThrow();
        store.put("texts/a", bytes.getBytes(UTF_8), new Expiry.Never(), new Match.Any());
        assertThatThrownBy(() -> plain.get("a"))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("texts")
                .hasMessageContaining("\"a\"");
        plain.put("a", "1");
        assertThat(plain.get("a")).contains("1");
    }
}
