package io.covey.cluster.core.near;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.covey.cluster.NearOptions;
import io.covey.cluster.NearStats;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Timed;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies of a cache's entries on this node. A reader never gets an older value than one that the node has got before:
 *
 * <ul>
 *   <li>reads of one key are flights, of which each begins after the one before has landed or was overtaken, and what was
 *       overtaken is not kept;
 *   <li>news of a change overtakes, and then takes the copy away, in this order: a flight that lands at the same time
 *       either sees that it was overtaken or leaves a copy that is taken away;
 *   <li>so does a write of this node, before the store is asked and again when it has answered;
 *   <li>where news may have been missed, a new era begins, and copies and flights of the former count for nothing.
 * </ul>
 *
 * Nothing here blocks.
 *
 * @param <T> what an entry is here
 */
public final class NearCache<T> {
    /** For so long a flight that has arrived, and nobody has landed, is as good as a copy. */
    private static final long LANDING = TimeUnit.SECONDS.toNanos(1);

    private final CacheStore store;
    private final Form<T> form;
    private final NearOptions options;
    private final LongSupplier clock;
    private final Executor workers;
    private final ConcurrentMap<String, Flight<T>> flights = new ConcurrentHashMap<>();
    private final Cache<String, Copy<T>> copies;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder staleDrops = new LongAdder();
    private final LongAdder flushes = new LongAdder();
    private volatile Era era = Era.deaf();

    /** The time by which copies that nobody reads are thrown away; whether one may be used is asked of the clock. */
    private volatile long tidied;

    /** Deaf, so that nothing is kept until {@link #hear}. */
    NearCache(NodeContext node, CacheStore store, Form<T> form, NearOptions options) {
        this.store = store;
        this.form = form;
        this.options = options;
        this.clock = node.clock()::nanos;
        this.workers = node.threads().workers();
        this.tidied = clock.getAsLong();
        Caffeine<Object, Object> caffeine = Caffeine.newBuilder()
                // A thread that is woken for every few reads costs more than what it would do.
                .executor(Runnable::run)
                .ticker(() -> tidied)
                .expireAfterWrite(options.ttl());
        this.copies = options.bound() instanceof NearOptions.Entries entries
                ? caffeine.maximumSize(entries.most()).build()
                : caffeine.maximumWeight(((NearOptions.Bytes) options.bound()).most())
                        .weigher((String key, Copy<T> copy) -> copy.weight())
                        .build();
    }

    CacheStore store() {
        return store;
    }

    Form<T> form() {
        return form;
    }

    NearOptions options() {
        return options;
    }

    /**
     * A copy that may be used now.
     *
     * @param key any text
     * @return null if the store must be asked
     */
    public @Nullable T get(String key) {
        Copy<T> copy = copies.getIfPresent(key);
        if (copy != null) {
            Era now = era;
            long time = clock.getAsLong();
            if (copy.era() == now && now.serves(time) && time - copy.end() < 0) {
                hits.increment();
                return copy.value();
            }
        }
        misses.increment();
        return null;
    }

    /**
     * Reads entries of which there are no copies; of those who do so at the same time one asks the store.
     *
     * @param keys which
     * @return the way there and back
     * @throws IllegalArgumentException if one of them cannot be a key
     */
    public Journey<T> read(Collection<String> keys) {
        return new Journey<>(this, keys);
    }

    /**
     * A place on a flight.
     *
     * @param first whether this is the one who asks the store, and lets the flight arrive
     */
    record Seat<T>(Flight<T> flight, boolean first) {}

    Seat<T> board(String key) {
        while (true) {
            Era now = era;
            long time = clock.getAsLong();
            Flight<T> open = flights.get(key);
            if (open != null && takesOn(open, now, time)) {
                return new Seat<>(open, false);
            }
            Flight<T> mine = new Flight<>(key, now, time);
            if (open == null ? flights.putIfAbsent(key, mine) == null : flights.replace(key, open, mine)) {
                if (open != null) {
                    open.overtake();
                }
                return new Seat<>(mine, true);
            }
        }
    }

    private static boolean takesOn(Flight<?> flight, Era now, long time) {
        return !flight.isOvertaken()
                && flight.era() == now
                && (!flight.hasArrived() || now.isLive() && time - flight.began() < LANDING);
    }

    /** For a flight that did not take off, or whose read failed. */
    void cancel(Flight<T> flight) {
        flights.remove(flight.key(), flight);
        flight.overtake();
    }

    /** What a flight has brought, which is kept if it may be. Decodes. */
    Optional<T> land(Flight<T> flight, Optional<Timed> answer) {
        try {
            return flight.land(answer, timed -> {
                Optional<T> found = timed.map(read -> form.read(flight.key(), read.entry()));
                boolean kept = found.isPresent() && keep(flight, found.get(), timed.get());
                if (found.isEmpty() || !kept && flight.mayHaveSeenMore(era)) {
                    seen(flight, flight.key(), timed.map(read -> read.entry().version()));
                }
                return found;
            });
        } finally {
            flights.remove(flight.key(), flight);
        }
    }

    private boolean keep(Flight<T> flight, T found, Timed timed) {
        if (!flight.era().isLive()) {
            return false;
        }
        long lives = options.ttl().toNanos();
        if (timed.expiry() instanceof Expiry.After after) {
            lives = Math.min(lives, TimeUnit.MILLISECONDS.toNanos(after.ttl().toMillis()));
        }
        String key = flight.key();
        int weight = key.getBytes(StandardCharsets.UTF_8).length + timed.entry().value().length;
        Copy<T> copy = new Copy<>(found, timed.entry().version(), flight.era(), flight.began() + lives, weight);
        boolean kept = copy
                == copies.asMap().compute(key, (k, old) -> flight.isOvertaken() || flight.era() != era ? old : copy);
        if (!kept) {
            staleDrops.increment();
        }
        return kept;
    }

    /**
     * A reader of this node got an entry past this cache: no copy and no flight may bring it an older one afterwards.
     *
     * @param key the key
     * @param version empty if there was none
     */
    public void seen(String key, Optional<Long> version) {
        seen(null, key, version);
    }

    private void seen(@Nullable Flight<T> by, String key, Optional<Long> version) {
        // First the flight: it either sees this, or has left a copy.
        Flight<T> open = flights.get(key);
        if (open != null && open != by) {
            open.doubt();
        }
        copies.asMap().computeIfPresent(key, (k, old) -> version.equals(Optional.of(old.version())) ? old : null);
    }

    /**
     * What was known of a key may be wrong from now on.
     *
     * @param key any text
     */
    public void forget(String key) {
        Flight<T> open = flights.remove(key);
        if (open != null) {
            open.overtake();
        }
        copies.invalidate(key);
    }

    /**
     * What was known of all keys with a prefix may be wrong from now on.
     *
     * @param prefix any text
     */
    public void forgetAll(String prefix) {
        // First the flights: one that has landed is among the copies.
        for (Collection<String> known : List.of(flights.keySet(), copies.asMap().keySet())) {
            for (String key : known) {
                if (key.startsWith(prefix)) {
                    forget(key);
                }
            }
        }
    }

    /**
     * From now on news of changes are heard.
     *
     * @param next the era in which they are
     */
    void hear(Era next) {
        turn(next);
    }

    /** From now on news of changes may be missed. */
    void deafen() {
        if (era.isLive()) {
            flushes.increment();
        }
        turn(Era.deaf());
    }

    Era era() {
        return era;
    }

    private void turn(Era next) {
        era = next;
        flights.values().removeIf(flight -> flight.era() != next);
        run(() -> copies.asMap().values().removeIf(copy -> copy.era() != era));
    }

    /** To be called now and then. */
    void tidy() {
        long now = clock.getAsLong();
        tidied = now;
        flights.values().removeIf(flight -> {
            boolean abandoned = flight.hasArrived() && now - flight.began() > 2 * LANDING;
            if (abandoned) {
                flight.overtake();
            }
            return abandoned;
        });
        run(copies::cleanUp);
    }

    private void run(Runnable task) {
        try {
            workers.execute(task);
        } catch (RejectedExecutionException closed) {
            // Nobody reads the copies any more.
        }
    }

    /**
     * What the copies were good for.
     *
     * @return the counters as they are now
     */
    public NearStats stats() {
        return new NearStats(
                hits.sum(), misses.sum(), staleDrops.sum(), flushes.sum(), Math.max(0, copies.estimatedSize()));
    }
}
