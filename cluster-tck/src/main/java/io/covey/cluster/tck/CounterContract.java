package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.RefusedException;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import io.covey.cluster.spi.Call;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the counters of a {@link CacheStore} promise. */
abstract class CounterContract extends TransportContract {
    CacheStore cache;
    CacheStore elsewhere;

    @BeforeEach
    final void openCaches() {
        cache = open().cache().orElseThrow();
        elsewhere = open().cache().orElseThrow();
    }

    @Test
    final void countersStartAtNothingAndAddUp() {
        assertThat(on(cache.counters("n"))).isEmpty();
        on(cache.add(new Call("one", 1), "n", Map.of("a", 2L, "b", -3L)));
        on(elsewhere.add(new Call("two", 1), "n", Map.of("a", 5L)));
        on(cache.add(new Call("one", 2), "n", Map.of("b", 1L)));
        assertThat(on(elsewhere.counters("n"))).containsOnly(Map.entry("a", 7L), Map.entry("b", -2L));
        assertThat(on(cache.counters("m"))).isEmpty();
    }

    @Test
    final void aRepeatedAddCountsOnce() {
        Call call = new Call("one", 1);
        on(cache.add(call, "n", Map.of("a", 1L)));
        on(cache.add(call, "n", Map.of("a", 1L)));
        on(elsewhere.add(call, "n", Map.of("a", 1L)));
        assertThat(on(cache.counters("n"))).containsOnly(Map.entry("a", 1L));
    }

    @Test
    final void aLateCopyOfAnEarlierAddHasNoEffect() {
        on(cache.add(new Call("one", 1), "n", Map.of("a", 1L)));
        on(cache.add(new Call("one", 2), "n", Map.of("a", 10L)));
        on(cache.add(new Call("one", 1), "n", Map.of("a", 1L)));
        assertThat(on(cache.counters("n"))).containsOnly(Map.entry("a", 11L));
    }

    @Test
    final void lanesCountForThemselves() {
        for (int lane = 0; lane < 20; lane++) {
            on(cache.add(new Call("lane" + lane, 1), "n", Map.of("a", 1L)));
        }
        assertThat(on(cache.counters("n"))).containsOnly(Map.entry("a", 20L));
    }

    @Test
    final void countersHoldLargeValuesExactly() {
        on(cache.add(new Call("one", 1), "n", Map.of("a", (1L << 53) + 1)));
        on(cache.add(new Call("one", 2), "n", Map.of("a", 1L)));
        assertThat(on(cache.counters("n"))).containsOnly(Map.entry("a", (1L << 53) + 2));
    }

    @Test
    final void eightThreadsThatRepeatEveryAddLoseNothingAndAddNothingTwice() throws Exception {
        Race.of(8, number -> {
            CacheStore mine = number % 2 == 0 ? cache : elsewhere;
            for (int seq = 1; seq <= 20; seq++) {
                Call call = new Call("lane" + number, seq);
                on(mine.add(call, "n", Map.of("a", 1L, "b", 2L)));
                on(mine.add(call, "n", Map.of("a", 1L, "b", 2L)));
            }
            return number;
        });
        assertThat(on(cache.counters("n"))).containsOnly(Map.entry("a", 160L), Map.entry("b", 320L));
    }

    @Test
    final void countersAreReadAsOneSnapshotAndAddedAllOrNone() throws Exception {
        Map<String, Long> deltas = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            deltas.put("c" + i, 1L);
        }
        Race.of(2, number -> {
            for (int seq = 1; seq <= 100; seq++) {
                if (number == 0) {
                    on(cache.add(new Call("lane", seq), "n", deltas));
                } else {
                    assertThat(on(elsewhere.counters("n")).values().stream().distinct())
                            .hasSizeLessThanOrEqualTo(1);
                }
            }
            return number;
        });
        assertThat(on(cache.counters("n"))).hasSize(10).containsValue(100L);
    }

    @Test
    final void aSumBeyond64BitsIsRefusedAndNothingIsAdded() {
        long most = 9_100_000_000_000_000_000L;
        on(cache.add(new Call("one", 1), "n", Map.of("a", most)));
        assertThatThrownBy(() -> on(cache.add(new Call("one", 2), "n", Map.of("a", most, "b", 1L))))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("counter a")
                .hasMessageContaining("64 bits");
        assertThat(on(cache.counters("n"))).containsOnly(Map.entry("a", most));
        on(cache.add(new Call("one", 3), "n", Map.of("b", 1L)));
        assertThat(on(cache.counters("n"))).containsEntry("b", 1L);
    }

    @Test
    final void aCounterThatIsFullCanBeTakenFrom() {
        long most = 9_100_000_000_000_000_000L;
        on(cache.add(new Call("one", 1), "n", Map.of("a", most, "b", -most)));
        on(cache.add(new Call("one", 2), "n", Map.of("a", -most, "b", most)));
        assertThat(on(cache.counters("n"))).containsOnly(Map.entry("a", 0L), Map.entry("b", 0L));
    }

    @Test
    final void someCountersAreReadByName() {
        on(cache.add(new Call("one", 1), "n", Map.of("a", 1L, "b", 2L, "é {*}", 3L)));
        assertThat(on(elsewhere.counters("n", List.of("é {*}", "a", "none"))))
                .containsOnly(Map.entry("a", 1L), Map.entry("é {*}", 3L));
        assertThat(on(elsewhere.counters("n", List.of()))).isEmpty();
        assertThat(on(elsewhere.counters("m", List.of("a")))).isEmpty();
    }

    @Test
    final void aCounterThatWasRemovedBeginsAgain() {
        on(cache.add(new Call("one", 1), "n", Map.of("a", 1L, "b", 2L, "c", 3L)));
        assertThat(on(elsewhere.removeCounters("n", List.of("a", "c", "none")))).isEqualTo(2);
        assertThat(on(elsewhere.removeCounters("n", List.of("a")))).isZero();
        assertThat(on(elsewhere.removeCounters("n", List.of()))).isZero();
        on(cache.add(new Call("one", 2), "n", Map.of("a", 5L)));
        assertThat(on(cache.counters("n"))).containsOnly(Map.entry("a", 5L), Map.entry("b", 2L));
        on(cache.add(new Call("one", 1), "n", Map.of("a", 1L)));
        assertThat(on(cache.counters("n"))).containsEntry("a", 5L);
    }

    @Test
    final void countersAndEntriesAreApart() {
        on(cache.put("n", new byte[] {1}, new Expiry.Never(), new Match.Any()));
        on(cache.add(new Call("one", 1), "n", Map.of("a", 1L)));
        assertThat(on(cache.removeAll(""))).isEqualTo(1);
        assertThat(on(cache.counters("n"))).containsOnly(Map.entry("a", 1L));
    }
}
