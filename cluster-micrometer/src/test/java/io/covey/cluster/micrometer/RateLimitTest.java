package io.covey.cluster.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    /** Close to where the clock of a JVM may overflow. */
    private final AtomicLong now =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(1).toNanos() / 2);

    private final RateLimit limit = new RateLimit(500, now.get());

    private long taken(int tries) {
        return IntStream.range(0, tries).filter(i -> limit.take(now.get())).count();
    }

    @Test
    void asManyAsForASecondAreGivenAtOnceAndThenOneByOne() {
        assertThat(taken(10_000)).isEqualTo(500);
        now.addAndGet(Duration.ofMillis(2).toNanos());
        assertThat(taken(100)).isEqualTo(1);
        now.addAndGet(Duration.ofMillis(100).toNanos());
        assertThat(taken(100)).isEqualTo(50);
        now.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(taken(10_000)).isEqualTo(500);
    }

    @Test
    void whatComesNoFasterIsNeverRefused() {
        for (int i = 0; i < 5_000; i++) {
            assertThat(limit.take(now.get())).isTrue();
            now.addAndGet(Duration.ofMillis(2).toNanos());
        }
    }

    @Test
    void threadsAtATimeGetNoMore() {
        assertThat(IntStream.range(0, 100_000)
                        .parallel()
                        .filter(i -> limit.take(now.get()))
                        .count())
                .isEqualTo(500);
    }
}
