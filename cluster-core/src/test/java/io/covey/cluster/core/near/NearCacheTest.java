package io.covey.cluster.core.near;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.ClusterConfig;
import io.covey.cluster.NearOptions;
import io.covey.cluster.Node;
import io.covey.cluster.core.local.LocalBackend;
import io.covey.cluster.core.runtime.BackendClock;
import io.covey.cluster.core.runtime.Lifecycle;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.core.runtime.NodeThreads;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.CacheStore.Entry;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import io.covey.cluster.spi.CacheStore.Timed;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every order in which reads, writes and news of them can come about, one at a time. */
final class NearCacheTest {
    private static final NearOptions MANY = NearOptions.entries(1000);
    private static final Form<String> FORM = new Form<>() {
        @Override
        public String slot(String key) {
            if (key.isEmpty()) {
                throw new IllegalArgumentException("no key");
            }
            return "c/" + key;
        }

        @Override
        public String key(String slot) {
            return slot.substring(2);
        }

        @Override
        public String read(String key, Entry entry) {
            String text = new String(entry.value(), UTF_8);
            if (text.equals("unreadable")) {
                throw new IllegalStateException(text);
            }
            return text;
        }
    };

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);
    private final Transport transport = LocalBackend.create().open(TransportConfig.of("local:"));
    private final CacheStore far = transport.cache().orElseThrow();
    private final NodeThreads threads = new NodeThreads("test");
    private SlowStore store;
    private NearCache<String> near;

    @AfterEach
    void close() {
        threads.close();
        transport.close();
    }

    private void open(NearOptions options, boolean tells) {
        store = new SlowStore(far, tells);
        NodeContext node = new NodeContext(
                new Node("id", "test", "host", 1, Instant.EPOCH, Map.of()),
                ClusterConfig.builder("local:").name("test").build(),
                transport,
                threads,
                new BackendClock(nanos::get),
                new Lifecycle("test"));
        near = new NearCaches(node).open("c", "c/", store.store(), "codec", FORM, options);
        if (tells) {
            store.live();
        }
    }

    private void open() {
        open(MANY, true);
    }

    private void write(String key, String value) {
        write(key, value, new Expiry.Never());
    }

    private void write(String key, String value, Expiry expiry) {
        far.put("c/" + key, value.getBytes(UTF_8), expiry, new Match.Any());
    }

    /** As a reader on this node: a copy, or the store. */
    private Optional<String> read(String key) {
        String copy = near.get(key);
        return copy != null ? Optional.of(copy) : new Read(key).end();
    }

    /** A read that has begun. */
    private final class Read {
        private final String key;
        private final Journey<String> journey;
        private final CompletableFuture<Map<String, Timed>> answer;

        Read(String key) {
            this.key = key;
            this.journey = near.read(List.of(key));
            this.answer = journey.start().toCompletableFuture();
        }

        Optional<String> end() {
            assertThat(answer).as("answer").isDone();
            return Optional.ofNullable(journey.end(answer.join()).get(key));
        }
    }

    private static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void whatWasReadIsThereUntilNewsOfAChangeCome() {
        open();
        write("a", "1");
        assertThat(read("a")).contains("1");
        write("a", "2");
        assertThat(near.get("a")).isEqualTo("1");
        store.tell("c/a");
        assertThat(near.get("a")).isNull();
        assertThat(read("a")).contains("2");
        assertThat(near.get("a")).isEqualTo("2");
        assertThat(store.reads()).isEqualTo(2);
        assertThat(near.stats().hits()).isEqualTo(2);
        assertThat(near.stats().misses()).isEqualTo(3);
        assertThat(near.stats().entries()).isEqualTo(1);
    }

    @Test
    void aReadThatRacedTheNewsOfAChangeIsNotKept() {
        open();
        write("a", "1");
        store.slow();
        Read raced = new Read("a");
        write("a", "2");
        store.tell("c/a");
        store.answerOldest();
        assertThat(raced.end()).contains("1");
        assertThat(near.get("a")).isNull();
        assertThat(near.stats().staleDrops()).isEqualTo(1);
    }

    @Test
    void aReadThatRacedAWriteOfThisNodeIsNotKept() {
        open();
        write("a", "1");
        store.slow();
        Read before = new Read("a");
        near.forget("a");
        Read meanwhile = new Read("a");
        write("a", "2");
        near.forget("a");
        store.answerOldest();
        store.answerOldest();
        assertThat(before.end()).contains("1");
        assertThat(meanwhile.end()).contains("1");
        assertThat(near.get("a")).isNull();
    }

    @Test
    void theOlderOfTwoReadsDoesNotReplaceTheNewerThoughItEndsLast() {
        open();
        write("a", "1");
        store.slow();
        Read older = new Read("a");
        write("a", "2");
        store.tell("c/a");
        Read newer = new Read("a");
        store.answerNewest();
        assertThat(newer.end()).contains("2");
        assertThat(near.get("a")).isEqualTo("2");
        store.answerOldest();
        assertThat(older.end()).contains("1");
        // The store alone knows which of the two is the newer one.
        assertThat(near.get("a")).isNull();
        store.fast();
        assertThat(read("a")).contains("2");
    }

    @Test
    void aReadThatDoesNotJoinTheOneBeforeHasSeenNothingOlder() {
        open();
        write("a", "1");
        store.slow();
        Read first = new Read("a");
        near.forget("a");
        // executed before the write, answered after it
        Read second = new Read("a");
        write("a", "2");
        near.seen("a", far.get("c/a").toCompletableFuture().join().map(Entry::version));
        store.answerNewest();
        assertThat(second.end()).contains("1");
        assertThat(near.get("a")).as("older than what was seen").isNull();
        store.answerOldest();
        first.end();
        assertThat(near.get("a")).isNull();
    }

    @Test
    void aReaderWhoGetsAnEntryPastTheCopiesMakesThemNoOlder() {
        open();
        write("a", "1");
        read("a");
        near.seen("a", far.get("c/a").toCompletableFuture().join().map(Entry::version));
        assertThat(near.get("a")).isEqualTo("1");
        write("a", "2");
        near.seen("a", far.get("c/a").toCompletableFuture().join().map(Entry::version));
        assertThat(near.get("a")).isNull();
        read("a");
        near.seen("a", Optional.empty());
        assertThat(near.get("a")).isNull();
    }

    @Test
    void whoeverReadsTheSameKeyMeanwhileAsksTheStoreOnce() {
        open();
        write("a", "1");
        store.slow();
        List<Read> all = List.of(new Read("a"), new Read("a"), new Read("a"));
        assertThat(store.reads()).isEqualTo(1);
        store.answerOldest();
        assertThat(all).allSatisfy(read -> assertThat(read.end()).contains("1"));
        assertThat(near.get("a")).isEqualTo("1");
    }

    @Test
    void whoeverReadsAfterAWriteDoesNotJoinAReadFromBeforeIt() {
        open();
        write("a", "1");
        store.slow();
        Read before = new Read("a");
        write("a", "2");
        near.forget("a");
        Read after = new Read("a");
        assertThat(store.reads()).isEqualTo(2);
        store.answerOldest();
        store.answerOldest();
        assertThat(before.end()).contains("1");
        assertThat(after.end()).contains("2");
    }

    @Test
    void manyKeysAreReadTogetherWithoutThoseThatOthersReadAlready() {
        open();
        List.of("a", "b", "c").forEach(key -> write(key, key));
        store.slow();
        Read single = new Read("b");
        Journey<String> journey = near.read(List.of("a", "b", "c", "absent"));
        CompletableFuture<Map<String, Timed>> coming = journey.start().toCompletableFuture();
        assertThat(store.reads()).isEqualTo(2);
        store.answerNewest();
        assertThat(coming).isNotDone();
        store.answerNewest();
        assertThat(journey.end(coming.join()))
                .containsOnly(Map.entry("a", "a"), Map.entry("b", "b"), Map.entry("c", "c"));
        assertThat(single.end()).contains("b");
        assertThat(List.of("a", "b", "c"))
                .allSatisfy(key -> assertThat(near.get(key)).isEqualTo(key));
        assertThat(near.get("absent")).isNull();
    }

    @Test
    void whereNewsMayHaveBeenMissedNothingIsKept() {
        open();
        write("a", "1");
        write("b", "1");
        read("a");
        store.slow();
        Read underWay = new Read("b");
        store.lose();
        assertThat(near.get("a")).isNull();
        Read whileDeaf = new Read("c");
        store.live();
        assertThat(near.get("a")).as("of the former era").isNull();
        store.answerOldest();
        store.answerOldest();
        assertThat(underWay.end()).contains("1");
        whileDeaf.end();
        assertThat(near.get("b")).isNull();
        store.fast();
        assertThat(read("b")).contains("1");
        assertThat(near.get("b")).isEqualTo("1");
        assertThat(near.stats().flushes()).isEqualTo(1);
    }

    @Test
    void withoutAProofCopiesAreNotUsedAndAfterTheNextOneTheyAre() {
        open(MANY.withMaxStale(Duration.ofSeconds(1)), true);
        write("a", "1");
        read("a");
        store.mute(true);
        // until a beat that still was proven is over
        eventually().until(() -> {
            pass(Duration.ofMillis(500));
            return near.get("a") == null;
        });
        int before = store.reads();
        assertThat(read("a")).contains("1");
        assertThat(store.reads()).isEqualTo(before + 1);
    }

    @Test
    void provenAgainAndAgainCopiesStay() {
        open(MANY.withMaxStale(Duration.ofSeconds(1)), true);
        write("a", "1");
        read("a");
        store.mute(true);
        pass(Duration.ofSeconds(2));
        assertThat(near.get("a")).isNull();
        store.mute(false);
        eventually().until(() -> near.get("a") != null);
        assertThat(store.reads()).isEqualTo(1);
    }

    @Test
    void aCopyEndsWithItsEntryAndAtTheLatestAfterItsOwnTime() {
        open(MANY.withTtl(Duration.ofSeconds(60)).withMaxStale(Duration.ofMinutes(5)), true);
        write("short", "1", new Expiry.After(Duration.ofSeconds(5)));
        write("long", "1", new Expiry.After(Duration.ofDays(3650)));
        write("never", "1");
        List.of("short", "long", "never").forEach(this::read);
        pass(Duration.ofMillis(4900));
        assertThat(near.get("short")).isEqualTo("1");
        pass(Duration.ofMillis(100));
        assertThat(near.get("short")).isNull();
        assertThat(near.get("long")).isEqualTo("1");
        pass(Duration.ofSeconds(55));
        assertThat(near.get("long")).isNull();
        assertThat(near.get("never")).isNull();
    }

    @Test
    void aStoreThatTellsNothingIsReadAgainWhenTheTimeOfTheCopyIsOver() {
        open(MANY.withTtl(Duration.ofSeconds(60)), false);
        write("a", "1");
        assertThat(read("a")).contains("1");
        write("a", "2");
        pass(Duration.ofSeconds(59));
        assertThat(read("a")).contains("1");
        pass(Duration.ofSeconds(1));
        assertThat(read("a")).contains("2");
        near.forget("a");
        assertThat(near.get("a")).isNull();
    }

    @Test
    void afterAFailureTheStoreIsAskedAgainByWhoeverComesNext() {
        open();
        write("a", "1");
        store.broken(true);
        Read failed = new Read("a");
        assertThatThrownBy(failed.answer::join).isInstanceOf(CompletionException.class);
        store.broken(false);
        assertThat(read("a")).contains("1");
        assertThat(near.get("a")).isEqualTo("1");
    }

    @Test
    void whatCannotBeReadIsNotKeptAndEachReaderHearsOfIt() {
        open();
        write("a", "unreadable");
        store.slow();
        Read first = new Read("a");
        Read second = new Read("a");
        store.answerOldest();
        assertThatThrownBy(first::end).hasMessage("unreadable");
        assertThatThrownBy(second::end).hasMessage("unreadable");
        store.fast();
        write("a", "1");
        assertThat(read("a")).contains("1");
    }

    @Test
    void aReadThatNobodyWaitedForStandsInNobodysWay() {
        open();
        write("a", "1");
        new Read("a");
        write("a", "2");
        pass(Duration.ofSeconds(2));
        assertThat(read("a")).contains("2");
        assertThat(near.get("a")).isEqualTo("2");
    }

    @Test
    void keysOfAPrefixAreForgottenWithTheReadsThatAreUnderWay() {
        open();
        List.of("a1", "a2", "b1").forEach(key -> write(key, "1"));
        read("a1");
        read("b1");
        store.slow();
        Read underWay = new Read("a2");
        near.forgetAll("a");
        store.answerOldest();
        underWay.end();
        assertThat(near.get("a1")).isNull();
        assertThat(near.get("a2")).isNull();
        assertThat(near.get("b1")).isEqualTo("1");
    }

    @Test
    void copiesStayWithinTheirNumber() {
        open(NearOptions.entries(100), true);
        for (int i = 0; i < 5000; i++) {
            write("k" + i, "v");
            read("k" + i);
        }
        eventually().untilAsserted(() -> assertThat(near.stats().entries()).isBetween(1L, 100L));
    }

    @Test
    void copiesStayWithinTheirBytes() {
        open(NearOptions.bytes(10_000), true);
        for (int i = 0; i < 2000; i++) {
            write("k" + i, "v".repeat(95));
            read("k" + i);
        }
        eventually().untilAsserted(() -> assertThat(near.stats().entries()).isBetween(1L, 101L));
    }

    @Test
    void oneNameHasOneNearCacheOnANode() {
        open();
        NearCaches caches = new NearCaches(new NodeContext(
                new Node("id", "test", "host", 1, Instant.EPOCH, Map.of()),
                ClusterConfig.builder("local:").name("test").build(),
                transport,
                threads,
                new BackendClock(nanos::get),
                new Lifecycle("test")));
        NearCache<String> first = caches.open("c", "c/", store.store(), "codec", FORM, MANY);
        assertThat(caches.<String>open("c", "c/", store.store(), "codec", FORM, MANY))
                .isSameAs(first);
        assertThatThrownBy(() -> caches.open("c", "c/", store.store(), "other codec", FORM, MANY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another codec");
        assertThatThrownBy(() -> caches.open("c", "c/", store.store(), "codec", FORM, NearOptions.entries(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("equal options");
        assertThat(caches.of("d")).isNull();
        caches.close();
        assertThat(first.get("a")).isNull();
    }
}
