package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecentTest {
    private final Recent recent = new Recent();

    private static UUID id(int number) {
        return new UUID(number, 7L << 32);
    }

    @Test
    void onlyTheOldestIsForgotten() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < Recent.MOST; i++) {
                assertThat(recent.add(id(round * Recent.MOST + i))).isTrue();
            }
            for (int i = 0; i < Recent.MOST; i++) {
                assertThat(recent.add(id(round * Recent.MOST + i))).isFalse();
            }
        }
        assertThat(recent.add(id(3 * Recent.MOST))).isTrue();
        assertThat(recent.add(id(2 * Recent.MOST + 1))).isFalse();
        assertThat(recent.add(id(2 * Recent.MOST))).isTrue();
    }

    @Test
    void whatIsRemovedIsNewAndCountsByItsNewTurn() {
        recent.add(id(0));
        recent.remove(id(0));
        recent.remove(id(0));
        assertThat(recent.add(id(0))).isTrue();
        for (int i = 1; i < Recent.MOST; i++) {
            assertThat(recent.add(id(i))).isTrue();
        }
        assertThat(recent.add(id(0))).isFalse();
        assertThat(recent.add(id(Recent.MOST))).isTrue();
        assertThat(recent.add(id(0))).isTrue();
    }
}
