package io.covey.cluster.core.stats;

import io.covey.cluster.ClusterException;
import io.covey.cluster.Stats;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.Names;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The counters of one namespace. One write is outstanding at a time; one that may be lost is repeated as it was. */
final class BufferedStats implements Stats {
    private static final Logger LOG = LoggerFactory.getLogger(BufferedStats.class);
    private static final int LONGEST = 200;

    private final NodeContext node;
    private final CacheStore store;
    private final String namespace;
    private final String lane = "stats-" + UUID.randomUUID();
    private final ConcurrentMap<String, LongAdder> pending = new ConcurrentHashMap<>();
    private final ReentrantLock flushing = new ReentrantLock();
    private long seq;
    private Optional<Batch> unconfirmed = Optional.empty();

    BufferedStats(NodeContext node, CacheStore store, String namespace) {
        this.node = node;
        this.store = store;
        this.namespace = namespace;
    }

    @Override
    public void add(String counter, long delta) {
        node.life().ensureOpen();
        LongAdder adder = pending.get(counter);
        if (adder == null) {
            adder = pending.computeIfAbsent(check(counter), name -> new LongAdder());
        }
        adder.add(delta);
    }

    @Override
    public Map<String, Long> read() {
        return node.await(() -> store.counters(namespace), "read the counters " + namespace);
    }

    @Override
    public void flush() {
        flushing.lock();
        try {
            if (unconfirmed.isPresent()) {
                write(unconfirmed.get());
            }
            Map<String, Long> deltas = take();
            if (!deltas.isEmpty()) {
                write(new Batch(new Call(lane, ++seq), deltas));
            }
        } finally {
            flushing.unlock();
        }
    }

    /** Flushes in the background unless a flush is under way: what fails is kept for the next time. */
    void flushQuietly() {
        if (!flushing.tryLock()) {
            return;
        }
        try {
            flush();
        } catch (ClusterException | IllegalArgumentException | IllegalStateException e) {
            LOG.debug("Counters {} could not be written; they are kept and written later", namespace, e);
        } finally {
            flushing.unlock();
        }
    }

    void flushLast() {
        try {
            flush();
        } catch (ClusterException | IllegalArgumentException | IllegalStateException e) {
            LOG.warn("Counters {} of the last second are lost: {}", namespace, e.getMessage());
        }
    }

    private void write(Batch batch) {
        unconfirmed = Optional.of(batch);
        node.await(() -> store.add(batch.call, namespace, batch.deltas), "add to the counters " + namespace);
        unconfirmed = Optional.empty();
    }

    private Map<String, Long> take() {
        Map<String, Long> deltas = new HashMap<>();
        pending.forEach((counter, adder) -> {
            long sum = adder.sumThenReset();
            if (sum != 0) {
                deltas.put(counter, sum);
            }
        });
        return Map.copyOf(deltas);
    }

    private static String check(String counter) {
        if (counter.isEmpty() || counter.length() > LONGEST || counter.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("A counter is 1 to " + LONGEST
                    + " characters without control characters, was \"" + Names.printable(counter) + "\"");
        }
        return counter;
    }

    private record Batch(Call call, Map<String, Long> deltas) {}
}
