package io.covey.cluster.core.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class NamesTest {

    @Test
    void aNameThatNobodyCountsUnderIsForgotten() {
        try (Cluster node = Cluster.join("local:names")) {
            BufferedStats stats = (BufferedStats) node.stats("web");
            for (int i = 0; i < 10_000; i++) {
                stats.add("n" + i, 1);
            }
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                stats.flush();
                assertThat(stats.names()).isZero();
            });
            stats.add("n7", 1);
            stats.flush();
            assertThat(stats.read()).hasSize(10_000).containsEntry("n7", 2L).containsEntry("n8", 1L);
        }
    }

    @Test
    void noCountIsLostWhileNamesAreForgotten() throws Exception {
        int threads = 3;
        int each = 60_000;
        int names = 7;
        try (Cluster node = Cluster.join("local:names")) {
            BufferedStats stats = (BufferedStats) node.stats("busy");
            List<Thread> adding = new ArrayList<>();
            for (int n = 0; n < threads; n++) {
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        stats.add("n" + i % names, 1);
                    }
                });
                adding.add(thread);
                thread.start();
            }
            AtomicBoolean done = new AtomicBoolean();
            Thread flushing = new Thread(() -> {
                while (!done.get()) {
                    stats.flush();
                }
            });
            flushing.start();
            for (Thread thread : adding) {
                thread.join();
            }
            done.set(true);
            flushing.join();
            stats.flush();
            Map<String, Long> wanted = new HashMap<>();
            for (int i = 0; i < each; i++) {
                wanted.merge("n" + i % names, (long) threads, Long::sum);
            }
            assertThat(stats.read()).isEqualTo(wanted);
        }
    }
}
