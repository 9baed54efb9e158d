package io.covey.cluster.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cache;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call of the cache costs Redis, in commands and in reads from sockets, which a busy machine hardly changes. */
@Timeout(300)
final class CacheCostTest {
    private static final Duration TTL = Duration.ofHours(1);
    private static final int TIMES = 500;
    /** The node's own heartbeats are counted, too. */
    private static final double SLACK = 0.2;

    private final byte[] value = new byte[Load.VALUE_BYTES];
    private final List<String> keys = Load.keys("").subList(0, Load.MANY);

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void aCallIsOneCommandInOneWrite(String driver) {
        try (Backend backend = Backend.start(driver)) {
            Cache<byte[]> cache = backend.join("cost").cache("cost", byte[].class);
            Map<String, byte[]> values = keys.stream().collect(Collectors.toMap(key -> key, key -> value));
            // What is sent in full once: connections, scripts.
            cache.putAll(values, TTL);
            cache.getEntry(key(0)).ifPresent(entry -> cache.replace(key(0), entry, value));

            expect(driver, "put", 1, 1, i -> cache.put(key(i), value, TTL));
            expect(driver, "get", 1, 1, i -> cache.get(key(i)));
            expect(driver, "getEntry", 1, 1, i -> cache.getEntry(key(i)));
            expect(driver, "getAndTouch", 1, 1, i -> cache.getAndTouch(key(i), TTL));
            expect(driver, "touch", 1, 1, i -> cache.touch(key(i), TTL));
            expect(driver, "getAll of 64", 1, 1, i -> cache.getAll(keys));
            // 13 KB: Redis reads 16 KB at once.
            expect(driver, "putAll of 64", Load.MANY, 2, i -> cache.putAll(values, TTL));
            expect(driver, "remove", 1, 1, i -> cache.remove(key(i)));
            expect(driver, "putIfAbsent where nothing is", 1, 1, i -> cache.putIfAbsent("new-" + i, value, TTL));
            Cache.Entry<byte[]> old = cache.getEntry("new-0").orElseThrow();
            cache.put("new-0", value, TTL);
            // The script and what it reads to compare; it writes nothing here.
            expect(driver, "replace of what has changed", 2, 1, i -> cache.replace("new-0", old, value));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void callsSideBySideShareWrites(String driver) throws Exception {
        try (Backend backend = Backend.start(driver)) {
            Cache<byte[]> cache = backend.join("cost").cache("cost", byte[].class);
            cache.put(key(0), value, TTL);
            Usage before = Backend.spent().orElseThrow();
            CompletableFuture<?>[] all = IntStream.range(0, 20 * TIMES)
                    .mapToObj(i -> cache.async().get(key(0)).toCompletableFuture())
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(all).get(2, TimeUnit.MINUTES);
            check(driver, "get side by side", Backend.spent().orElseThrow().minus(before), 20 * TIMES, 1, 0.3);
        }
    }

    private String key(int i) {
        return keys.get(i % keys.size());
    }

    private static void expect(String driver, String what, double commands, double reads, IntConsumer call) {
        Usage before = Backend.spent().orElseThrow();
        for (int i = 0; i < TIMES; i++) {
            call.accept(i);
        }
        check(driver, what, Backend.spent().orElseThrow().minus(before), TIMES, commands, reads);
    }

    private static void check(String driver, String what, Usage usage, int times, double commands, double reads) {
        System.out.printf(
                "Cost by %s, %s: %.2f commands, %.3f reads, %.1f us of Redis%n",
                driver,
                what,
                (double) usage.commands() / times,
                (double) usage.reads() / times,
                usage.serverMicros() / times);
        assertThat((double) usage.commands() / times)
                .as("commands to " + what)
                .isBetween(commands - SLACK, commands + SLACK);
        assertThat((double) usage.reads() / times).as("reads to " + what).isLessThanOrEqualTo(reads + SLACK);
    }
}
