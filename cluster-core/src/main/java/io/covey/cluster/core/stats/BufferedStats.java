package io.covey.cluster.core.stats;

import io.covey.cluster.ClusterException;
import io.covey.cluster.RefusedException;
import io.covey.cluster.Stats;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.Call;
import io.covey.cluster.spi.Names;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The counters of one namespace. One write is outstanding at a time; one that may be lost is repeated as it was. */
final class BufferedStats implements Stats {
    private static final Logger LOG = LoggerFactory.getLogger(BufferedStats.class);
    private static final int LONGEST = 200;
    private static final int PORTION = 1000;

    private final NodeContext node;
    private final CacheStore store;
    private final String namespace;
    private final String lane = "stats-" + UUID.randomUUID();
    private final ConcurrentMap<String, Tally> pending = new ConcurrentHashMap<>();
    private final ReentrantLock flushing = new ReentrantLock();
    private long seq;
    private Optional<Batch> unconfirmed = Optional.empty();
    private String complaint = "";

    BufferedStats(NodeContext node, CacheStore store, String namespace) {
        this.node = node;
        this.store = store;
        this.namespace = namespace;
    }

    @Override
    public void add(String counter, long delta) {
        node.life().ensureOpen();
        Tally tally = pending.get(counter);
        if (tally == null) {
            checked(counter);
            collect(counter, delta);
            return;
        }
        long late = tally.add(delta);
        if (late != 0) {
            collect(counter, late);
        }
    }

    private void collect(String counter, long delta) {
        long rest = delta;
        do {
            rest = pending.computeIfAbsent(counter, name -> new Tally()).add(rest);
        } while (rest != 0);
    }

    @Override
    public Map<String, Long> read() {
        return node.await(() -> store.counters(namespace), "read the counters " + namespace);
    }

    @Override
    public Map<String, Long> read(Collection<String> counters) {
        List<String> names = checked(counters);
        return node.await(() -> store.counters(namespace, names), "read counters of " + namespace);
    }

    @Override
    public long remove(Collection<String> counters) {
        List<String> names = checked(counters);
        try {
            flush();
        } catch (RefusedException e) {
            // perhaps because of the very counter that is to be removed
            LOG.debug("Counters {} are removed although not all could be written before", namespace, e);
        }
        return node.await(() -> store.removeCounters(namespace, names), "remove counters of " + namespace);
    }

    @Override
    public void flush() {
        flushing.lock();
        try {
            Refusals refusals = new Refusals();
            if (unconfirmed.isPresent()) {
                write(unconfirmed.get(), refusals);
            }
            Deque<Map<String, Long>> portions = take();
            try {
                while (!portions.isEmpty()) {
                    write(new Batch(new Call(lane, ++seq), portions.remove()), refusals);
                }
            } finally {
                portions.forEach(this::giveBack);
            }
            refusals.throwFirst();
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
            complaint = "";
        } catch (RefusedException e) {
            complain(String.valueOf(e.getMessage()));
        } catch (ClusterException | IllegalArgumentException | IllegalStateException e) {
            LOG.debug("Counters {} could not be written; they are kept and written later", namespace, e);
        } finally {
            flushing.unlock();
        }
    }

    /** Once, not every second. */
    private void complain(String message) {
        if (!message.equals(complaint)) {
            complaint = message;
            LOG.atWarn()
                    .addKeyValue("event", "stats.refused")
                    .log(
                            "Counters {}: {}; what was counted there is kept and tried again, the others are written",
                            namespace,
                            message);
        }
    }

    /** How many names are remembered. */
    int names() {
        return pending.size();
    }

    void flushLast() {
        try {
            flush();
        } catch (ClusterException | IllegalArgumentException | IllegalStateException e) {
            LOG.atWarn()
                    .addKeyValue("event", "stats.lost")
                    .log("Counters {} of the last second are lost: {}", namespace, e.getMessage());
        }
    }

    /**
     * Writes a batch, or fails without an answer: then it is repeated as it is. One that is refused had no effect: it is
     * taken apart, so that a counter that cannot be added to holds up no other.
     */
    private void write(Batch batch, Refusals refusals) {
        unconfirmed = Optional.of(batch);
        try {
            node.await(() -> store.add(batch.call, namespace, batch.deltas), "add to the counters " + namespace);
            unconfirmed = Optional.empty();
        } catch (RefusedException | IllegalArgumentException e) {
            unconfirmed = Optional.empty();
            refusals.note(e);
            if (batch.deltas.size() == 1 || !refusals.mayTakeApart()) {
                giveBack(batch.deltas);
                return;
            }
            List<Map.Entry<String, Long>> all = List.copyOf(batch.deltas.entrySet());
            int half = all.size() / 2;
            List<Map<String, Long>> halves = List.of(map(all.subList(0, half)), map(all.subList(half, all.size())));
            for (int i = 0; i < halves.size(); i++) {
                try {
                    write(new Batch(new Call(lane, ++seq), halves.get(i)), refusals);
                } catch (ClusterException noAnswer) {
                    if (i == 0) {
                        giveBack(halves.get(1));
                    }
                    throw noAnswer;
                }
            }
        }
    }

    private void giveBack(Map<String, Long> deltas) {
        deltas.forEach(this::collect);
    }

    private static Map<String, Long> map(List<Map.Entry<String, Long>> entries) {
        Map<String, Long> map = new HashMap<>();
        entries.forEach(entry -> map.put(entry.getKey(), entry.getValue()));
        return Map.copyOf(map);
    }

    /** What has been collected, in portions that every backend takes. A name that nobody counted under is forgotten. */
    private Deque<Map<String, Long>> take() {
        Deque<Map<String, Long>> portions = new ArrayDeque<>();
        Map<String, Long> deltas = new HashMap<>();
        for (Map.Entry<String, Tally> counter : pending.entrySet()) {
            long sum = counter.getValue().take();
            if (sum == 0 && pending.remove(counter.getKey(), counter.getValue())) {
                sum = counter.getValue().close();
            }
            if (sum != 0) {
                deltas.put(counter.getKey(), sum);
            }
            if (deltas.size() == PORTION) {
                portions.add(Map.copyOf(deltas));
                deltas.clear();
            }
        }
        if (!deltas.isEmpty()) {
            portions.add(Map.copyOf(deltas));
        }
        return portions;
    }

    private static List<String> checked(Collection<String> counters) {
        counters.forEach(BufferedStats::checked);
        return List.copyOf(counters);
    }

    private static void checked(String counter) {
        if (counter.isEmpty()
                || counter.length() > LONGEST
                || counter.chars().anyMatch(Character::isISOControl)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(counter)) {
            throw new IllegalArgumentException("A counter is 1 to " + LONGEST
                    + " characters without control characters, was \"" + Names.printable(counter) + "\" of "
                    + counter.length());
        }
    }

    /** What was refused in one flush, and how often more may be tried: a backend that is full refuses everything. */
    private static final class Refusals {
        private static final int MOST = 64;
        private Optional<RuntimeException> first = Optional.empty();
        private int count;

        void note(RuntimeException refusal) {
            first = first.or(() -> Optional.of(refusal));
            count++;
        }

        boolean mayTakeApart() {
            return count < MOST;
        }

        void throwFirst() {
            first.ifPresent(refusal -> {
                throw refusal;
            });
        }
    }

    private record Batch(Call call, Map<String, Long> deltas) {}
}
