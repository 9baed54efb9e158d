package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.NearOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What near copies of a cache promise, in process, where news of changes are never late. */
class NearTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final CacheOptions NEAR = CacheOptions.none().near(NearOptions.entries(1000));

    private final Nodes nodes = new Nodes();
    private Cluster one;
    private Cache<String> near;
    private Cache<String> plain;
    private Cache<String> elsewhere;

    @BeforeEach
    void join() {
        one = nodes.join("one");
        near = one.cache("c", String.class, NEAR);
        plain = one.cache("c", String.class);
        elsewhere = nodes.join("two").cache("c", String.class);
    }

    @AfterEach
    void close() {
        nodes.close();
    }

    /** Every way to change a value from "1" to "2", or to take it away. */
    private static Map<String, Consumer<Cache<String>>> changes() {
        Map<String, Consumer<Cache<String>>> changes = new LinkedHashMap<>();
        changes.put("put", cache -> cache.put("k", "2"));
        changes.put("put for a time", cache -> cache.put("k", "2", LONG));
        changes.put("put many", cache -> cache.putAll(Map.of("k", "2", "l", "3")));
        changes.put("replace", cache -> cache.replace("k", cache.getEntry("k").orElseThrow(), "2"));
        changes.put("remove", cache -> cache.remove("k"));
        changes.put("clear", cache -> cache.clear("k"));
        changes.put("put later", cache -> join(cache.async().put("k", "2", LONG)));
        changes.put("remove later", cache -> join(cache.async().remove("k")));
        return changes;
    }

    /** How often the store is read from now on; what the node does besides, such as to look who has joined, does not count. */
    private AtomicInteger countReads() {
        AtomicInteger reads = new AtomicInteger();
        nodes.wire(one).tap(method -> {
            if (method.startsWith("get")) {
                reads.incrementAndGet();
            }
        });
        return reads;
    }

    private static void join(CompletionStage<?> stage) {
        stage.toCompletableFuture().join();
    }

    @Test
    void everyChangeIsSeenAtOnceWhoeverMadeIt() {
        for (Cache<String> writer : List.of(near, plain, elsewhere)) {
            changes().forEach((what, change) -> {
                writer.put("k", "1");
                assertThat(near.get("k")).contains("1");
                assertThat(near.get("k")).contains("1");
                change.accept(writer);
                assertThat(near.get("k")).as(what).isEqualTo(plain.get("k")).isNotEqualTo(Optional.of("1"));
            });
        }
    }

    @Test
    void copiesAnswerWithoutTheStore() {
        elsewhere.putAll(Map.of("a", "1", "b", "2"));
        assertThat(near.getAll(List.of("a", "b", "absent"))).containsOnly(Map.entry("a", "1"), Map.entry("b", "2"));
        AtomicInteger calls = countReads();
        for (int i = 0; i < 10; i++) {
            assertThat(near.get("a")).contains("1");
            assertThat(near.async().get("b").toCompletableFuture().join()).contains("2");
            assertThat(near.getAll(List.of("a", "b"))).hasSize(2);
        }
        assertThat(calls).hasValue(0);
        assertThat(near.getAll(List.of("a", "b", "absent"))).hasSize(2);
        assertThat(calls).hasValue(1);
        assertThat(near.nearStats())
                .hasValueSatisfying(stats -> assertThat(stats.hits()).isGreaterThanOrEqualTo(40));
        assertThat(plain.nearStats()).isEmpty();
    }

    @Test
    void allObjectsOfOneNameShareTheCopies() {
        Cache<String> again = one.cache("c", String.class, NEAR);
        elsewhere.put("k", "1");
        near.get("k");
        assertThat(again.get("k")).contains("1");
        assertThat(again.nearStats().orElseThrow().hits()).isEqualTo(1);
        assertThatThrownBy(() -> one.cache("c", byte[].class, NEAR)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> one.cache("c", String.class, NEAR.near(NearOptions.entries(1))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCacheWhoseNameBeginsWithThatOfAnotherHasItsOwnCopies() {
        Cache<String> other = one.cache("c:c", String.class, NEAR);
        near.put("k", "1");
        other.put("k", "2");
        assertThat(near.get("k")).contains("1");
        assertThat(other.get("k")).contains("2");
        near.remove("k");
        assertThat(near.get("k")).isEmpty();
        assertThat(other.get("k")).contains("2");
    }

    @Test
    void compareAndSetReadsPastTheCopies() {
        near.put("k", "1");
        near.get("k");
        AtomicInteger calls = countReads();
        Cache.Entry<String> entry = near.getEntry("k").orElseThrow();
        assertThat(calls).hasValue(1);
        assertThat(near.replace("k", entry, "2")).isTrue();
        assertThat(near.get("k")).contains("2");
    }

    @Test
    void aBadKeyIsRefusedAndAClosedNodeReadsNothing() {
        assertThatThrownBy(() -> near.get("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> near.get(null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> near.getAll(List.of("a\n"))).isInstanceOf(IllegalArgumentException.class);
        near.put("k", "1");
        near.get("k");
        one.close();
        assertThatThrownBy(() -> near.get("k")).isInstanceOf(ClusterException.class);
    }
}
