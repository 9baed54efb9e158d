package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.LinkSpec;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisDriver;
import io.covey.cluster.redis.driver.RedisLink;
import io.covey.cluster.redis.driver.RedisLinks;
import io.covey.cluster.redis.driver.RedisUri;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private static final int BEATS = 3;

    private final CountDownLatch beats = new CountDownLatch(BEATS);

    @Test
    void aBeatThatFailsIsFollowedByTheNext() throws Exception {
        Redis redis = new Redis(
                new Failing(),
                new Keys("covey", "resque", 0, true),
                RedisUri.parse("redis-cluster://localhost:1"),
                Duration.ofSeconds(5),
                Executors.newSingleThreadScheduledExecutor());
        try (Subscriber subscriber = new Subscriber(redis, new Unwatched(), "bus", Optional.empty())) {
            new Heartbeat(redis, subscriber, Duration.ofMillis(20), Route.Kind.SHARDED, "beat:").start();
            assertThat(beats.await(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            redis.close();
        }
    }

    private static final class Unwatched implements Subscriber.Watch {
        @Override
        public void onUp() {}

        @Override
        public void onDown(String reason) {}

        @Override
        public void onMoved() {}
    }

    /** Throws an Error at each command; its link is never up. */
    private final class Failing implements RedisDriver {
        @Override
        public CompletionStage<Object> send(RedisCommand command) {
            beats.countDown();
            throw new AssertionError("on purpose");
        }

        @Override
        public RedisLink open(LinkSpec spec) {
            return new RedisLink() {
                @Override
                public CompletionStage<Object> send(RedisCommand command) {
                    return CompletableFuture.failedStage(new TransportException("not up"));
                }

                @Override
                public void reconnect() {}

                @Override
                public void close() {}
            };
        }

        @Override
        public CompletionStage<List<Object>> sendAll(List<RedisCommand> commands) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Confirmed> sendConfirmed(RedisCommand command) {
            throw new UnsupportedOperationException();
        }

        @Override
        public RedisLinks openToAll(LinkSpec spec, String probe) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void reconnect() {}

        @Override
        public void close() {}
    }
}
