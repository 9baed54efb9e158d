package io.covey.cluster.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class LineTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** A process may be short of threads for a while. */
    @Test
    void anErrorWhileConnectingIsNotTheLastAttempt() {
        AtomicInteger attempts = new AtomicInteger();
        AtomicReference<RedisConnection.Listener> hears = new AtomicReference<>();
        RedisDriverFactory factory = RedisDriverFactory.over(() -> new RedisConnector() {
            @Override
            public RedisConnection connect(
                    RedisUri server, Duration timeout, Duration answerTimeout, RedisConnection.Listener listener) {
                if (attempts.incrementAndGet() == 2) {
                    throw new OutOfMemoryError("unable to create native thread, on purpose");
                }
                hears.set(listener);
                return new Answering();
            }

            @Override
            public void close() {
                // there is nothing to end
            }
        });
        try (RedisDriver driver =
                factory.open(RedisUri.parse("redis://127.0.0.1:1"), SECOND, SECOND, new DriverSuite.States())) {
            hears.get().onClosed("on purpose");
            await().until(() -> attempts.get() == 3);
            await().until(() -> driver.send(RedisCommand.of("PING"))
                    .toCompletableFuture()
                    .handle((reply, thrown) -> thrown == null)
                    .join());
            assertThat(attempts).hasValue(3);
        }
    }

    /** What is pushed meanwhile shows that the connection lives, and the late answer is dropped. */
    @Test
    void aLinkWhoseFirstCommandsAreAnsweredTooLateIsMadeAnew() {
        AtomicInteger connections = new AtomicInteger();
        RedisDriverFactory factory = RedisDriverFactory.over(() -> new RedisConnector() {
            @Override
            public RedisConnection connect(
                    RedisUri server, Duration timeout, Duration answerTimeout, RedisConnection.Listener listener) {
                return connections.incrementAndGet() == 2 ? new Late(listener) : new Answering();
            }

            @Override
            public void close() {
                // there is nothing to end
            }
        });
        try (RedisDriver driver = factory.open(
                RedisUri.parse("redis://127.0.0.1:1"), SECOND, SECOND.dividedBy(5), new DriverSuite.States())) {
            DriverSuite.Heard heard = new DriverSuite.Heard();
            driver.open(
                    new LinkSpec("test", Optional.empty(), () -> List.of(RedisCommand.of("SUBSCRIBE", "a")), heard));
            heard.awaitUps(1);
            assertThat(connections).hasValue(3);
        }
    }

    private static class Answering implements RedisConnection {
        @Override
        public CompletableFuture<List<Object>> send(List<RedisCommand> commands) {
            RedisCommand first = commands.get(0);
            return CompletableFuture.completedFuture(
                    List.of(first.args().isEmpty() ? "PONG" : first.args().get(0)));
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    private static final class Late extends Answering {
        private final RedisConnection.Listener listener;

        Late(RedisConnection.Listener listener) {
            this.listener = listener;
        }

        @Override
        public CompletableFuture<List<Object>> send(List<RedisCommand> commands) {
            if (!commands.get(0).name().equals("SUBSCRIBE")) {
                return super.send(commands);
            }
            CompletableFuture<List<Object>> never = new CompletableFuture<>();
            CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)
                    .execute(() -> listener.onPush("message", List.of("a", "x")));
            return never;
        }
    }
}
