package io.covey.cluster.core.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    private final ReplayWindow window = new ReplayWindow();

    @Test
    void eachNumberIsAdmittedOnceAndNoneBelowTheWindow() {
        Random random = new Random(42);
        Set<Long> seen = new HashSet<>();
        long highest = 0;
        for (int i = 0; i < 200_000; i++) {
            long jump = random.nextInt(100) == 0 ? random.nextInt(5000) : random.nextInt(8);
            long seq = Math.max(1, highest + jump - random.nextInt(1500) * random.nextInt(2));
            boolean expected = !seen.contains(seq) && seq > highest - ReplayWindow.SIZE;
            assertThat(isNew(seq)).as("%d after %d", seq, highest).isEqualTo(expected);
            if (expected) {
                seen.add(seq);
                highest = Math.max(highest, seq);
            }
        }
    }

    @Test
    void theLargestNumberIsNoTrouble() {
        assertThat(isNew(1)).isTrue();
        assertThat(isNew(Long.MAX_VALUE)).isTrue();
        assertThat(isNew(Long.MAX_VALUE)).isFalse();
        assertThat(isNew(Long.MAX_VALUE - 1)).isTrue();
    }

    @Test
    void aChannelThatWasForgottenGoesOnAboveItsOldNumbers() {
        Sequences sequences = new Sequences(2);
        sequences.next("/a");
        assertThat(sequences.next("/a")).isEqualTo(2);
        sequences.next("/b");
        sequences.next("/c");
        assertThat(sequences.next("/a")).isGreaterThan(2);
    }

    private boolean isNew(long seq) {
        boolean known = window.knows(seq);
        if (!known) {
            window.admit(seq, true);
        }
        return !known;
    }
}
