package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cache;
import io.covey.cluster.CacheOptions;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.ClusterException;
import io.covey.cluster.NearOptions;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** One node that writes numbers that only grow, and nodes with near copies that read them. */
final class NearFleet implements AutoCloseable {
    static final Duration COMMAND = Duration.ofSeconds(1);
    private static final List<String> KEYS = List.of("a", "b", "c", "d", "e");
    private static final Pattern LINK = Pattern.compile("(?m)^id=([0-9]+) .*flags=[a-zA-Z]*B");

    private final RedisDriverFactory drivers;
    private final NearOptions near;
    private final Deque<Cluster> opened = new ArrayDeque<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Cache<Long>> readers = new ArrayList<>();
    private final Queue<String> older = new ConcurrentLinkedQueue<>();
    private final LongAdder reads = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder puts = new LongAdder();
    private Cache<Long> writer;
    private volatile boolean stopped;
    private volatile boolean paused;
    private Thread writing;
    private long number;

    NearFleet(RedisDriverFactory drivers, NearOptions near) {
        this.drivers = drivers;
        this.near = near;
    }

    static ConditionFactory eventually() {
        return Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(60));
    }

    private Cluster join(String name, String uri, RedisDriverFactory by) {
        TransportConfig config = TransportConfig.of(uri).withTimeouts(Duration.ofSeconds(10), COMMAND);
        Cluster node = Cluster.join(ClusterConfig.builder(uri)
                .name(name)
                .transport(RedisTransport.open(config, by))
                .build());
        opened.push(node);
        return node;
    }

    void writeBy(String uri) {
        writer = join("writer", uri, drivers).cache("numbers", Long.class);
    }

    Cache<Long> readBy(String uri) {
        return readBy(uri, drivers);
    }

    Cache<Long> readBy(String uri, RedisDriverFactory by) {
        Cache<Long> reader = join("reader" + readers.size(), uri, by)
                .cache("numbers", Long.class, CacheOptions.none().near(near));
        readers.add(reader);
        return reader;
    }

    Cache<Long> writer() {
        return writer;
    }

    /** Writes the next number, as often as it takes. */
    long write(String key) {
        long next = ++number;
        eventually().ignoreExceptionsInstanceOf(ClusterException.class).until(() -> {
            writer.put(key, next);
            return true;
        });
        return next;
    }

    /** Until copies are used: then the link is up. */
    static void awaitCopies(Cache<Long> reader, String key) {
        eventually().ignoreExceptionsInstanceOf(ClusterException.class).until(() -> {
            long before = reader.nearStats().orElseThrow().hits();
            reader.get(key);
            return reader.nearStats().orElseThrow().hits() > before;
        });
    }

    /** One thread writes, two of each reading node read. */
    void start() {
        KEYS.forEach(this::write);
        writing = thread("writer", this::writeOn);
        for (Cache<Long> reader : readers) {
            thread("reader", () -> readOn(reader, false));
            thread("reader", () -> readOn(reader, true));
        }
    }

    private Thread thread(String name, Runnable body) {
        Thread thread = new Thread(body, "near-fleet-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return thread;
    }

    private void writeOn() {
        for (int i = 0; !stopped && !paused; i++) {
            long next = ++number;
            try {
                writer.put(KEYS.get(i % KEYS.size()), next);
                puts.increment();
            } catch (ClusterException e) {
                failed.increment();
            }
            // now and then in a hurry, so that news race reads, and else slow enough for copies to be of use
            if (i % 64 > 8) {
                Thread.yield();
                LockSupport.parkNanos(500_000);
            }
        }
    }

    private void readOn(Cache<Long> reader, boolean together) {
        Map<String, Long> seen = new HashMap<>();
        for (int i = 0; !stopped; i++) {
            try {
                if (together && i % 3 == 0) {
                    reader.getAll(KEYS).forEach((key, value) -> check(seen, key, value));
                } else {
                    String key = KEYS.get(i % KEYS.size());
                    reader.get(key).ifPresent(value -> check(seen, key, value));
                }
                reads.increment();
                if (i % 32 == 0) {
                    // the writer, too, needs a processor
                    LockSupport.parkNanos(50_000);
                }
            } catch (ClusterException e) {
                failed.increment();
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private void check(Map<String, Long> seen, String key, long value) {
        Long before = seen.put(key, value);
        if (before != null && before > value) {
            older.add(key + " was " + before + ", then " + value);
        }
    }

    /** How many reads there were, for waiting until there are more. */
    long reads() {
        return reads.sum();
    }

    void awaitMoreReads(long more) {
        long enough = reads() + more;
        eventually().until(() -> reads() >= enough);
    }

    void awaitMorePuts(long more) {
        long enough = puts.sum() + more;
        eventually().until(() -> puts.sum() >= enough);
    }

    /** Lets the readers read alone from now on. */
    void pauseWriting() throws InterruptedException {
        paused = true;
        writing.join();
    }

    /** Ends the load, and sees whether all readers come to read what was written last, and saw nothing older before. */
    void finish() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(older).isEmpty();
        for (String key : KEYS) {
            long last = write(key);
            readers.forEach(reader -> eventually()
                    .ignoreExceptionsInstanceOf(ClusterException.class)
                    .until(() -> reader.get(key).equals(Optional.of(last))));
        }
        readers.forEach(reader -> awaitCopies(reader, "a"));
        assertThat(older).isEmpty();
    }

    /** Kills the links on which a server pushes news of changes. */
    static int killLinks(RedisServer server) {
        Matcher links = LINK.matcher(server.command("CLIENT", "LIST"));
        int killed = 0;
        while (links.find()) {
            killed += Integer.parseInt(server.command("CLIENT", "KILL", "ID", links.group(1)));
        }
        return killed;
    }

    @Override
    public String toString() {
        return puts + " puts, " + reads + " reads, " + failed + " calls failed, near: "
                + readers.stream()
                        .map(reader -> reader.nearStats().orElseThrow().toString())
                        .toList();
    }

    @Override
    public void close() {
        stopped = true;
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
