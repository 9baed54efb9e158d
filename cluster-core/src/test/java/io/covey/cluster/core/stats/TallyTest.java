package io.covey.cluster.core.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TallyTest {

    @Test
    void whatIsAddedAfterTheEndIsGivenBack() {
        Tally tally = new Tally();
        assertThat(tally.add(3)).isZero();
        assertThat(tally.close()).isEqualTo(3);
        assertThat(tally.add(4)).isEqualTo(4);
        assertThat(tally.take()).isZero();
    }

    @Test
    void noAddIsLostWhenTalliesEndAllTheTime() throws Exception {
        int each = 300_000;
        ConcurrentMap<String, Tally> tallies = new ConcurrentHashMap<>();
        AtomicBoolean done = new AtomicBoolean();
        List<Thread> adding = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    long rest = 1;
                    while (rest != 0) {
                        rest = tallies.computeIfAbsent("a", name -> new Tally()).add(rest);
                    }
                }
            });
            adding.add(thread);
            thread.start();
        }
        long[] sum = new long[1];
        Thread closing = new Thread(() -> {
            do {
                Tally tally = tallies.remove("a");
                if (tally != null) {
                    sum[0] += tally.close();
                }
            } while (!done.get() || !tallies.isEmpty());
        });
        closing.start();
        for (Thread thread : adding) {
            thread.join();
        }
        done.set(true);
        closing.join();
        assertThat(sum[0]).isEqualTo(3L * each);
    }
}
