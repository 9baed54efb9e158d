package io.covey.cluster.bench;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.redis.embedded.RedisServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How long reads of 100 bytes take while another thread reads or writes values of 1 MiB in the same cache. {@code java -cp
 * benchmarks.jar io.covey.cluster.bench.LargeValues [jedis|lettuce]}
 */
public final class LargeValues {
    private static final int READS = 5000;
    private static final long PAUSE_NANOS = 2_000_000;
    private static final int MIB = 1 << 20;
    private static final List<String> DRIVERS = List.of("jedis", "lettuce");

    /** What the other thread does again and again. */
    private interface Beside {
        void once(Cache<byte[]> cache);
    }

    private LargeValues() {}

    /**
     * Measures.
     *
     * @param args the driver, both unless given
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        System.out.println("| 100 bytes read | p50 us | p99 us | longest us | 1 MiB meanwhile |");
        System.out.println("|---|---:|---:|---:|---:|");
        for (String driver : args.length > 0 ? List.of(args) : DRIVERS) {
            try (RedisServer server = RedisServer.builder().start();
                    Cluster node =
                            Cluster.join(ClusterConfig.builder(server.uri().replaceFirst("://", "+" + driver + "://"))
                                    .name("large")
                                    .build())) {
                Cache<byte[]> cache = node.cache("large", byte[].class);
                byte[] large = new byte[MIB];
                cache.put("small", new byte[Load.VALUE_BYTES], Duration.ofHours(1));
                cache.put("large", large, Duration.ofHours(1));
                for (boolean warm : new boolean[] {true, false}) {
                    measure(warm, driver + ", alone", cache, null);
                    measure(warm, driver + ", beside reads of 1 MiB", cache, all -> all.get("large"));
                    measure(
                            warm,
                            driver + ", beside writes of 1 MiB",
                            cache,
                            all -> all.put("large", large, Duration.ofHours(1)));
                }
            }
        }
    }

    private static void measure(boolean warm, String what, Cache<byte[]> cache, @Nullable Beside beside)
            throws InterruptedException {
        long[] count = new long[1];
        AtomicBoolean over = new AtomicBoolean(beside == null);
        Thread other = new Thread(() -> {
            while (!over.get()) {
                beside.once(cache);
                count[0]++;
                // What is measured is who waits for whom, not how fast the machine is.
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        });
        other.start();
        long[] took = new long[READS];
        for (int i = 0; i < READS; i++) {
            long begun = System.nanoTime();
            cache.get("small");
            took[i] = System.nanoTime() - begun;
        }
        over.set(true);
        other.join();
        Arrays.sort(took);
        if (!warm) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.0f | %.0f | %.0f | %d |%n",
                    what,
                    took[READS / 2] / 1e3,
                    took[READS * 99 / 100] / 1e3,
                    took[READS - 1] / 1e3,
                    count[0]);
        }
    }
}
