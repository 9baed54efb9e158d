package io.covey.cluster.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ObservedTest {
    private static final Map<String, String> BARE = Map.of();
    private static final Map<String, String> SAMPLED =
            Map.of(TraceParent.HEADER, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    private static final Map<String, String> UNSAMPLED =
            Map.of(TraceParent.HEADER, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");

    private final AtomicLong now = new AtomicLong();

    private long of(Observed observed, Map<String, String> headers) {
        return IntStream.range(0, 1_000)
                .filter(i -> observed.has(headers, now.get()))
                .count();
    }

    @Test
    void soManyASecondAreObservedAndAsManyAgainOfASampledEnqueue() {
        Observed observed = Observed.atMost(100, now.get());
        assertThat(of(observed, BARE)).isEqualTo(100);
        assertThat(of(observed, UNSAMPLED)).isZero();
        assertThat(of(observed, SAMPLED)).isEqualTo(100);
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(of(observed, SAMPLED)).isEqualTo(200);
    }

    @Test
    void aPartIsTakenAtRandomAndAllOfASampledEnqueue() {
        assertThat(of(Observed.part(1), BARE)).isEqualTo(1_000);
        assertThat(of(Observed.part(0.5), BARE)).isBetween(300L, 700L);
        assertThat(of(Observed.part(0), UNSAMPLED)).isZero();
        assertThat(of(Observed.part(0), SAMPLED)).isEqualTo(1_000);
    }
}
