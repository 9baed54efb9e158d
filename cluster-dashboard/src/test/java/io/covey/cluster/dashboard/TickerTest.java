package io.covey.cluster.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class TickerTest {

    @Test
    void anErrorCostsOnePictureAndNotAllThatWouldFollow() {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        try (Cluster node = Cluster.join("local:ticker-" + UUID.randomUUID())) {
            Ticker ticker =
                    new Ticker(new Sampler(node, Duration.ofSeconds(5)), Duration.ofMillis(200), thread, () -> true);
            AtomicInteger pictures = new AtomicInteger();
            ticker.onPicture(picture -> {
                if (pictures.incrementAndGet() == 1) {
                    throw new StackOverflowError("for the test");
                }
            });
            ticker.wake();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> pictures.get() > 2);
            assertThat(ticker.isAwake()).isTrue();
        } finally {
            thread.shutdownNow();
        }
    }
}
