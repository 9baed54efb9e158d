package io.covey.cluster.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.embedded.RedisServer;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each benchmark once, briefly and in this JVM, so that none stops working unseen. The figures mean nothing. */
class BenchmarksTest {

    private static final String GIVEN = "covey.redis.uri";
    private static final @Nullable String WAS_GIVEN = System.getProperty(GIVEN);

    private static RedisServer redis;

    @BeforeAll
    static void oneRedisForAll() {
        System.setProperty("jmh.ignoreLock", "true");
        redis = RedisServer.builder().start();
        System.setProperty(GIVEN, redis.uri());
    }

    @AfterAll
    static void end() {
        redis.close();
        if (WAS_GIVEN == null) {
            System.clearProperty(GIVEN);
        } else {
            System.setProperty(GIVEN, WAS_GIVEN);
        }
    }

    @AfterEach
    void aGivenRedisIsLeftWithoutAKey() {
        assertThat(redis.command("DBSIZE")).isEqualTo("0");
    }

    @Test
    void everyBenchmarkRunsAndTellsWhatItCosts() throws Exception {
        Collection<RunResult> results = briefly("-p", "transport=local");

        assertThat(results)
                .hasSize(all().size())
                .allSatisfy(result ->
                        assertThat(result.getPrimaryResult().getScore()).isPositive())
                .allSatisfy(result -> assertThat(result.getSecondaryResults()).containsKey("jvm.cpu"));
    }

    @Test
    void anOperationIsSetBesideTheRawClientOfItsDriver() throws Exception {
        Collection<RunResult> results =
                briefly("-p", "transport=jedis", "(CacheBenchmark|RawJedisBenchmark|RawLettuceBenchmark).get$");

        assertThat(Ratios.of(results).lines().filter(line -> line.contains("ops/s")))
                .singleElement()
                .asString()
                .containsPattern("^\\| get jedis +\\| +\\d+ ops/s \\| +\\d+\\.\\d+ \\| +1\\.\\d+ / 1\\.\\d+ \\|");
    }

    private static Collection<RunResult> briefly(String... more) throws Exception {
        String once = "-f 0 -wi 1 -w 10ms -i 1 -r 50ms -si false -foe true -v SILENT";
        return Benchmarks.run(new CommandLineOptions(
                Stream.concat(Stream.of(once.split(" ")), Stream.of(more)).toArray(String[]::new)));
    }

    private static Collection<?> all() {
        return BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of());
    }
}
