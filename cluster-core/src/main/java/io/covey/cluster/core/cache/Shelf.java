package io.covey.cluster.core.cache;

import io.covey.cluster.CacheOptions;
import io.covey.cluster.EntryInfo;
import io.covey.cluster.NodeEvent;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.CacheStore;
import io.covey.cluster.spi.CacheStore.Entry;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import io.covey.cluster.spi.CacheStore.Timed;
import io.covey.cluster.spi.Names;
import io.covey.cluster.spi.Page;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a cache does, step by step, in front of a store and behind copies that are nearer. Arguments are checked at once.
 *
 * @param <V> the type of the values
 * @param node the node
 * @param store where the entries are
 * @param form how they look there
 * @param options how the cache behaves
 * @param near copies of them
 * @param flights what the node loads
 */
record Shelf<V>(
        NodeContext node,
        CacheStore store,
        CacheForm<V> form,
        CacheOptions options,
        NearLayer<V> near,
        Flights flights) {

    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(1);
    private static final int PAGE = 500;

    /** The slots of keys that start so, as they are read, page by page; one may come twice. */
    Stream<String> stored(String prefix) {
        String begin = form.prefix(prefix);
        return Page.stream(cursor ->
                node.await(() -> store.scan(begin, cursor, PAGE), () -> "list the keys of cache " + form.name()));
    }

    /** A copy that may be used now; null if the store must be asked. */
    @Nullable
    Found<V> copy(String key) {
        Found<V> copy = near.get(key);
        if (copy != null) {
            wasRead(1, 0, 0);
        }
        return copy;
    }

    Step<?, Optional<Found<V>>> find(String key) {
        String slot = form.slot(key);
        Supplier<String> what = what("get", key);
        return near.read(key, what).<Step<?, Optional<Found<V>>>>map(this::told).orElseGet(() -> find(key, slot, what));
    }

    private Step<?, Optional<Found<V>>> find(String key, String slot, Supplier<String> what) {
        if (options.slides()) {
            Expiry expiry = expiry();
            return told(new Step<>(() -> store.getAndTouch(slot, expiry), entry -> read(key, entry), what));
        }
        return told(new Step<>(() -> store.get(slot), entry -> read(key, entry), what));
    }

    private <A> Step<A, Optional<Found<V>>> told(Step<A, Optional<Found<V>>> step) {
        if (!node.news().wanted()) {
            return step;
        }
        return new Step<>(
                step.ask(),
                answer -> {
                    Optional<Found<V>> found = step.then().apply(answer);
                    wasRead(0, found.isPresent() ? 1 : 0, found.isPresent() ? 0 : 1);
                    return found;
                },
                step.what());
    }

    private void wasRead(int copies, int stored, int missing) {
        if (node.news().wanted()) {
            node.news().tell(new NodeEvent.CacheRead(form.name(), copies, stored, missing));
        }
    }

    private Optional<Found<V>> read(String key, Optional<Entry> entry) {
        near.seen(key, entry);
        return entry.map(there -> form.read(key, there));
    }

    Step<?, Map<String, V>> findAll(Collection<String> keys) {
        List<String> wanted = List.copyOf(keys);
        Map<String, String> missing = new LinkedHashMap<>();
        Map<String, Found<V>> found = new HashMap<>();
        for (String key : wanted) {
            Found<V> copy = near.get(key);
            if (copy != null) {
                found.put(key, copy);
            } else {
                missing.put(key, form.slot(key));
            }
        }
        int copies = found.size();
        Supplier<String> what = () -> "get " + wanted.size() + " keys of cache " + form.name();
        Collection<String> inStore = missing.values();
        if (inStore.isEmpty()) {
            return new Step<>(
                    () -> CompletableFuture.<Void>completedStage(null), nothing -> values(wanted, found, copies), what);
        }
        return near.read(missing.keySet(), what)
                .<Step<?, Map<String, V>>>map(step -> new Step<>(
                        step.ask(),
                        timed -> {
                            found.putAll(step.then().apply(timed));
                            return values(wanted, found, copies);
                        },
                        what))
                .orElseGet(() -> new Step<>(
                        () -> options.slides() ? store.getAllAndTouch(inStore, expiry()) : store.getAll(inStore),
                        entries -> {
                            missing.forEach((key, slot) -> read(key, Optional.ofNullable(entries.get(slot)))
                                    .ifPresent(there -> found.put(key, there)));
                            return values(wanted, found, copies);
                        },
                        what));
    }

    private Map<String, V> values(List<String> keys, Map<String, Found<V>> found, int copies) {
        wasRead(copies, found.size() - copies, Math.max(0, keys.size() - found.size()));
        Map<String, V> values = new LinkedHashMap<>();
        for (String key : keys) {
            Optional.ofNullable(found.get(key)).flatMap(Found::value).ifPresent(value -> values.put(key, value));
        }
        return values;
    }

    Step<Boolean, Boolean> put(String key, V value, Expiry expiry, Match match) {
        return put(form.slot(key), key, form.encode(key, value), expiry, match);
    }

    Step<Boolean, Boolean> put(String slot, String key, byte[] cell, Expiry expiry, Match match) {
        return Step.of(
                changing(
                        List.of(key),
                        () -> match instanceof Match.Absent
                                ? putWhereNoValueIs(slot, cell, expiry)
                                : store.put(slot, cell, expiry, match)),
                what("put", key));
    }

    /** The memory that there is no value is an entry, too, but must not keep a value out. */
    private CompletionStage<Boolean> putWhereNoValueIs(String slot, byte[] cell, Expiry expiry) {
        return store.put(slot, cell, expiry, new Match.Absent()).thenCompose(written -> {
            if (written) {
                return CompletableFuture.completedStage(true);
            }
            return store.get(slot).thenCompose(there -> {
                if (there.isEmpty()) {
                    return putWhereNoValueIs(slot, cell, expiry);
                }
                Entry entry = there.get();
                return Cell.isAbsent(entry.value())
                        ? store.put(slot, cell, expiry, new Match.Version(entry.version()))
                                .thenCompose(over -> over
                                        ? CompletableFuture.completedStage(true)
                                        : putWhereNoValueIs(slot, cell, expiry))
                        : CompletableFuture.completedStage(false);
            });
        });
    }

    Step<?, ?> putAll(Map<String, V> values, Expiry expiry) {
        Map<String, byte[]> cells = form.encode(values);
        List<String> keys = new ArrayList<>(values.keySet());
        return Step.of(
                changing(
                        keys,
                        () -> cells.isEmpty() ? CompletableFuture.completedStage(null) : store.putAll(cells, expiry)),
                () -> "put " + keys.size() + " keys of cache " + form.name());
    }

    Step<Boolean, Boolean> touch(String key, Duration ttl) {
        String slot = form.slot(key);
        Expiry expiry = after(key, ttl);
        return Step.of(changing(List.of(key), () -> store.touch(slot, expiry)), what("touch", key));
    }

    Step<Optional<Entry>, Optional<V>> getAndTouch(String key, Duration ttl) {
        String slot = form.slot(key);
        Expiry expiry = after(key, ttl);
        return new Step<>(
                changing(List.of(key), () -> store.getAndTouch(slot, expiry)),
                entry -> entry.flatMap(read -> form.read(key, read).value()),
                what("get and touch", key));
    }

    Step<Boolean, Boolean> remove(String key) {
        Step<Boolean, Boolean> removal = removeEntry(key, new Match.Any());
        String slot = form.slot(key);
        return Step.of(
                () -> {
                    flights.forget(slot);
                    return removal.ask().get();
                },
                removal.what());
    }

    /** Without a word to who loads it. */
    Step<Boolean, Boolean> removeEntry(String key, Match match) {
        String slot = form.slot(key);
        return Step.of(changing(List.of(key), () -> store.remove(slot, match)), what("remove", key));
    }

    Step<Long, Long> clear(String prefix) {
        String inStore = form.prefix(prefix);
        return Step.of(
                () -> {
                    flights.forgetAll(inStore);
                    near.forgetAll(prefix);
                    return store.removeAll(inStore).whenComplete((done, thrown) -> near.forgetAll(prefix));
                },
                () -> "clear cache " + form.name());
    }

    Step<Map<String, Timed>, Optional<EntryInfo>> info(String key) {
        String slot = form.slot(key);
        return new Step<>(
                () -> store.getAllTimed(List.of(slot)),
                timed -> Optional.ofNullable(timed.get(slot)).flatMap(read -> info(key, read)),
                what("look at", key));
    }

    private Optional<EntryInfo> info(String key, Timed timed) {
        Entry entry = timed.entry();
        Cell cell = Cell.read(() -> form.where(key), entry.value());
        Instant now = node.clock().instant();
        Optional<Instant> expires = timed.expiry() instanceof Expiry.After after
                ? Optional.of(now.plus(after.ttl()).truncatedTo(ChronoUnit.MILLIS))
                : Optional.empty();
        // Somebody who gave it another time to live would make this a time before it was written, or one to come.
        Optional<Instant> used = expires.filter(end -> options.slides())
                .map(end -> end.minus(options.ttl().orElseThrow()))
                .filter(time ->
                        !time.isAfter(now) && !time.isBefore(cell.written().minus(CLOCKS_DIFFER)))
                .map(time -> time.isBefore(cell.written()) ? cell.written() : time);
        return cell.value()
                .map(value -> new EntryInfo(cell.written(), expires, used, entry.value().length, entry.version()));
    }

    /** Compares by bytes, and writes only over the version that was compared. */
    Step<Boolean, Boolean> replace(String key, V expected, V value) {
        String slot = form.slot(key);
        byte[] wanted = form.bytes(key, expected);
        byte[] cell = form.encode(key, value);
        return Step.of(changing(List.of(key), () -> replace(slot, wanted, cell)), what("replace", key));
    }

    private CompletionStage<Boolean> replace(String slot, byte[] wanted, byte[] cell) {
        return store.get(slot).thenCompose(there -> {
            if (there.isEmpty() || !Cell.holds(there.get().value(), wanted)) {
                return CompletableFuture.completedStage(false);
            }
            Match match = new Match.Version(there.get().version());
            return store.put(slot, cell, new Expiry.Keep(), match)
                    .thenCompose(done -> done ? CompletableFuture.completedStage(true) : replace(slot, wanted, cell));
        });
    }

    /** Whatever becomes of the call, copies of before and fills under way are not to be trusted. */
    private <A> Supplier<CompletionStage<A>> changing(List<String> keys, Supplier<CompletionStage<A>> call) {
        return () -> {
            if (!near.concerns()) {
                return call.get();
            }
            near.forget(keys);
            return call.get().whenComplete((done, thrown) -> near.forget(keys));
        };
    }

    /** What a value gets that is put without a time to live. */
    Expiry expiry() {
        return options.ttl().<Expiry>map(Expiry.After::new).orElseGet(Expiry.Never::new);
    }

    Expiry after(String key, Duration ttl) {
        return new Expiry.After(CacheRules.ttl(() -> form.where(key), ttl));
    }

    private Supplier<String> what(String verb, String key) {
        return () -> verb + " \"" + Names.printable(key) + "\" of cache " + form.name();
    }
}
