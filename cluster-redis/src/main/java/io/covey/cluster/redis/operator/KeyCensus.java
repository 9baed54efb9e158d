package io.covey.cluster.redis.operator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.KeyFamilies;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.spi.TransportConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * Which keys take the memory, by family. It reads names with SCAN and sizes with MEMORY USAGE, at a rate that leaves the servers
 * time for others, and changes nothing.
 */
public final class KeyCensus {
    private static final long ALL_OF_THE_FIRST = 1000;
    private static final int MOST_FAMILIES = 10_000;
    private static final Family OTHERS = new Family("(further names)", "");

    private final int sample;
    private final int rate;
    private final int top;
    private final boolean byName;

    /** What is counted together. */
    private record Family(String label, String about) {}

    /** What was counted. */
    private static final class Sum {
        private long keys;
        private long measured;
        private long bytes;

        /** All of the first, so that what is rare is exact. */
        boolean isToMeasure(int sample) {
            return keys <= ALL_OF_THE_FIRST || keys % sample == 0;
        }

        Line line(Family family) {
            return new Line(
                    family.label,
                    family.about.isEmpty() ? Optional.empty() : Optional.of(family.about),
                    keys,
                    measured == 0 ? 0 : Math.round((double) bytes / measured * keys),
                    measured);
        }
    }

    /**
     * A family.
     *
     * @param family as {@code docs/redis-keys.md} writes it
     * @param about the name of the cache, queue or other thing, if names are told apart; as the server has it
     * @param keys how many there are
     * @param bytes what they take, in proportion to those that were measured
     * @param measured how many were measured; if 0 the bytes are not known
     */
    public record Line(String family, Optional<String> about, long keys, long bytes, long measured) {}

    /**
     * One key.
     *
     * @param key its name, as the server has it
     * @param family as in {@link Line}
     * @param bytes what it takes
     */
    public record Big(String key, String family, long bytes) {}

    /**
     * What was counted.
     *
     * @param families those that take most first
     * @param biggest of the keys that were measured, the biggest first
     * @param keys how many there are in all
     * @param used what the servers take in all, or -1 if they do not say
     * @param unseen what the user may not look at
     */
    public record Report(List<Line> families, List<Big> biggest, long keys, long used, List<Finding> unseen) {}

    /**
     * One that measures some keys.
     *
     * @param sample of each family the first 1000 keys are measured, and then each of this many; 1 for all
     * @param rate how many keys a second are looked at, at most
     * @param top how many of the biggest keys are told
     * @param byName whether caches, queues and so on are told apart by their names
     */
    public KeyCensus(int sample, int rate, int top, boolean byName) {
        if (sample < 1 || rate < 1 || top < 0) {
            throw new IllegalArgumentException("sample and rate must be at least 1 and top at least 0, were " + sample
                    + ", " + rate + " and " + top);
        }
        this.sample = sample;
        this.rate = rate;
        this.top = top;
        this.byName = byName;
    }

    /**
     * Counts. Blocks.
     *
     * @param config where, and how the cluster's keys are called
     * @param drivers the client library to ask with
     * @param progress told now and then, on the calling thread, how many keys were looked at
     * @return what was counted
     * @throws TransportException if no server can be reached, or one stops answering
     */
    public Report take(TransportConfig config, RedisDriverFactory drivers, LongConsumer progress) {
        Findings findings = new Findings();
        findings.begin("keys");
        Map<Family, Sum> sums = new HashMap<>();
        PriorityQueue<Big> biggest = new PriorityQueue<>(Comparator.comparingLong(Big::bytes));
        try (Landscape where = new Landscape(config, drivers, findings)) {
            KeyFamilies families = where.families();
            long used = 0;
            long start = System.nanoTime();
            long seen = 0;
            for (Instance server : where.masters()) {
                long own = server.infoNumber("used_memory", -1);
                used = used < 0 || own < 0 ? -1 : used + own;
                Sweep sweep = new Sweep(server);
                for (Optional<List<byte[]>> page = sweep.next(); page.isPresent(); page = sweep.next()) {
                    page(families, sweep, page.get(), sums, biggest, findings, server);
                    seen += page.get().size();
                    progress.accept(seen);
                    pace(start, seen);
                }
            }
            return new Report(lines(sums), sorted(biggest), seen, used, findings.sorted());
        }
    }

    private void pace(long start, long seen) {
        long ahead = start + seen * 1_000_000_000 / rate - System.nanoTime();
        while (ahead > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(ahead);
            ahead = start + seen * 1_000_000_000 / rate - System.nanoTime();
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new TransportException("interrupted while counting keys");
        }
    }

    private void page(
            KeyFamilies families,
            Sweep sweep,
            List<byte[]> names,
            Map<Family, Sum> sums,
            PriorityQueue<Big> biggest,
            Findings findings,
            Instance server) {
        List<byte[]> wanted = new ArrayList<>();
        List<Family> theirs = new ArrayList<>();
        for (byte[] name : names) {
            Family family = family(families, new String(name, UTF_8), sums);
            Sum sum = sums.computeIfAbsent(family, none -> new Sum());
            sum.keys++;
            if (sum.isToMeasure(sample)) {
                wanted.add(name);
                theirs.add(family);
            }
        }
        List<Object> sizes = sweep.ask(wanted, "MEMORY", "USAGE");
        for (int i = 0; i < sizes.size(); i++) {
            if (sizes.get(i) instanceof Long size) {
                Sum sum = sums.get(theirs.get(i));
                sum.measured++;
                sum.bytes += size;
                if (top > 0 && (biggest.size() < top || size > biggest.peek().bytes())) {
                    biggest.add(new Big(new String(wanted.get(i), UTF_8), theirs.get(i).label, size));
                    if (biggest.size() > top) {
                        biggest.poll();
                    }
                }
            } else if (Sweep.isRefusal(sizes.get(i))) {
                findings.unseen(
                        server.name(),
                        "the user may not MEMORY USAGE: keys are counted, not measured",
                        "+memory|usage");
            }
        }
    }

    private Family family(KeyFamilies families, String key, Map<Family, Sum> sums) {
        Family family = families.of(key)
                .map(found -> new Family(found.label(), byName ? found.about().orElse("") : ""))
                .orElseGet(() -> new Family(families.isPrefixed(key) ? "(unknown family)" : "(not ours)", ""));
        return sums.size() < MOST_FAMILIES || sums.containsKey(family) ? family : OTHERS;
    }

    private static List<Line> lines(Map<Family, Sum> sums) {
        return sums.entrySet().stream()
                .map(one -> one.getValue().line(one.getKey()))
                .sorted(Comparator.comparingLong(Line::bytes)
                        .thenComparing(Line::keys)
                        .reversed())
                .toList();
    }

    private static List<Big> sorted(PriorityQueue<Big> biggest) {
        return biggest.stream()
                .sorted(Comparator.comparingLong(Big::bytes).reversed())
                .toList();
    }
}
