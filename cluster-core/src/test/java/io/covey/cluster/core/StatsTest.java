package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.RefusedException;
import io.covey.cluster.Stats;
import io.covey.cluster.TransportException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatsTest {
    private final Nodes nodes = new Nodes();

    @AfterEach
    void close() {
        nodes.close();
    }

    @Test
    void countersOfAllNodesAddUp() throws Exception {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Stats stats = (i % 2 == 0 ? one : two).stats("web");
            Thread thread = new Thread(() -> {
                for (int n = 0; n < 10_000; n++) {
                    stats.add("hits", 1);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        one.stats("web").add("errors", -3);
        one.stats("web").flush();
        two.stats("web").flush();
        assertThat(two.stats("web").read()).isEqualTo(Map.of("hits", 40_000L, "errors", -3L));
        assertThat(one.stats("web")).isSameAs(one.stats("web"));
    }

    @Test
    void theyAreWrittenOnceASecondByThemselves() {
        Cluster one = nodes.join("one");
        one.stats("web").add("hits", 2);
        await().untilAsserted(() -> assertThat(one.stats("web").read()).containsEntry("hits", 2L));
    }

    @Test
    void aFlushWhoseAnswerWasLostCountsOnce() {
        Cluster one = nodes.join("one");
        Stats stats = one.stats("web");
        stats.add("hits", 5);
        nodes.wire(one).become(Wire.State.DEAF);
        assertThatThrownBy(stats::flush).isInstanceOf(TransportException.class);
        stats.add("hits", 7);
        assertThatThrownBy(stats::flush).isInstanceOf(TransportException.class);
        nodes.wire(one).become(Wire.State.WHOLE);
        stats.flush();
        assertThat(stats.read()).containsEntry("hits", 12L);
    }

    @Test
    void aCounterThatIsRefusedHoldsUpNoOther() {
        Stats stats = nodes.join("one").stats("web");
        stats.add("full", Long.MAX_VALUE);
        stats.flush();
        for (int i = 0; i < 20; i++) {
            stats.add("hits" + i, 1);
        }
        stats.add("full", 5);
        assertThatThrownBy(stats::flush)
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("counter full would leave the range of 64 bits");
        assertThat(stats.read()).hasSize(21).containsEntry("hits0", 1L).containsEntry("hits19", 1L);
        stats.add("full", -10);
        stats.flush();
        assertThat(stats.read()).containsEntry("full", Long.MAX_VALUE - 5).containsEntry("hits0", 1L);
    }

    @Test
    void manyCountersAreWrittenInPortions() {
        Stats stats = nodes.join("one").stats("web");
        for (int i = 0; i < 5000; i++) {
            stats.add("n" + i, i + 1);
        }
        stats.flush();
        assertThat(stats.read()).hasSize(5000).containsEntry("n4999", 5000L);
    }

    @Test
    void whatWasCollectedIsWrittenAtClose() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        one.stats("web").add("hits", 9);
        one.close();
        assertThat(two.stats("web").read()).containsEntry("hits", 9L);
    }

    @Test
    void countersAreReadByNameAndRemoved() {
        Stats stats = nodes.join("one").stats("web");
        stats.add("hits", 2);
        stats.add("misses", 3);
        stats.flush();
        assertThat(stats.read("hits")).isEqualTo(2);
        assertThat(stats.read("none")).isZero();
        assertThat(stats.read(List.of("misses", "none"))).isEqualTo(Map.of("misses", 3L));
        stats.add("hits", 5);
        assertThat(stats.remove(List.of("hits", "none"))).isEqualTo(1);
        stats.add("hits", 1);
        stats.flush();
        assertThat(stats.read()).isEqualTo(Map.of("hits", 1L, "misses", 3L));
    }

    @Test
    void namesThatNoBackendTakesAreRefused() {
        Stats stats = nodes.join("one").stats("web");
        for (String name : List.of("", "a\nb", "\ud800", "x".repeat(201))) {
            assertThatThrownBy(() -> stats.add(name, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 to 200 characters");
            assertThatThrownBy(() -> stats.read(name)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> stats.remove(List.of(name))).isInstanceOf(IllegalArgumentException.class);
        }
        stats.add("é {*} 日本", 1);
        stats.flush();
        assertThat(stats.read()).isEqualTo(Map.of("é {*} 日本", 1L));
        assertThatThrownBy(() -> nodes.join("two").stats("a b")).isInstanceOf(IllegalArgumentException.class);
    }
}
