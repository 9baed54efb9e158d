package io.covey.cluster.redis.jedis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.RedisHarness;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.Transport;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever waits for an answer reads it, so that a lone caller costs no hand-off between threads. */
final class JedisHelpTest {

    @Test
    void theFuturesOfTheStoresHelpAsThoseOfTheConnectionDo() {
        try (RedisServer server = RedisServer.start();
                Transport transport = RedisHarness.of(server, RedisDriverFactory.over(JedisConnector::new))
                        .open()) {
            CacheStore cache = transport.cache().orElseThrow();
            TaskBroker tasks = transport.tasks().orElseThrow();
            TaskBroker.NewTask task = new TaskBroker.NewTask(
                    "t", "[]".getBytes(StandardCharsets.UTF_8), Optional.empty(), Optional.empty());
            Stream.of(
                            cache.get("a"),
                            cache.getAll(List.of("a", "b")),
                            tasks.enqueue("q", new Call("lane", 1), List.of(task)))
                    .forEach(answer -> assertThat(answer.toCompletableFuture()).isInstanceOf(HelpingFuture.class));
        }
    }
}
