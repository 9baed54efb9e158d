package io.covey.cluster.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class IoTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void whatFindsNoThreadIsRunWhenThereIsOneAgain() throws InterruptedException {
        AtomicInteger wanted = new AtomicInteger();
        ThreadFactory scarce = task -> {
            if (wanted.incrementAndGet() == 1) {
                throw new OutOfMemoryError("unable to create native thread, on purpose");
            }
            return new Thread(task);
        };
        CountDownLatch done = new CountDownLatch(1);
        try (Io io = new Io(NONE, SECOND, SECOND, scarce)) {
            io.connecting(done::countDown, 0);
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static final RedisConnector NONE = new RedisConnector() {
        @Override
        public RedisConnection connect(
                RedisUri server, Duration timeout, Duration answerTimeout, RedisConnection.Listener listener) {
            throw new IllegalStateException("nothing is connected here");
        }

        @Override
        public void close() {
            // there is nothing to end
        }
    };
}
