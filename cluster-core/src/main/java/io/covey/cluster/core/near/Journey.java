package io.covey.cluster.core.near;

import io.covey.cluster.core.near.NearCache.Seat;
import io.covey.cluster.spi.CacheStore.Timed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One caller's read of what is not kept: by flights of its own, for which it asks the store, and by those of others.
 *
 * @param <T> what an entry is here
 */
public final class Journey<T> {
    private final NearCache<T> near;
    private final Map<String, String> slots = new LinkedHashMap<>();
    private final List<Flight<T>> own = new ArrayList<>();
    private final List<Flight<T>> others = new ArrayList<>();

    Journey(NearCache<T> near, Collection<String> keys) {
        this.near = near;
        keys.forEach(key -> slots.put(key, near.form().slot(key)));
    }

    /**
     * Asks the store, once. It does not block.
     *
     * @return completes when everything has been read
     */
    public CompletionStage<Map<String, Timed>> start() {
        slots.keySet().forEach(key -> {
            Seat<T> seat = near.board(key);
            (seat.first() ? own : others).add(seat.flight());
        });
        CompletionStage<Map<String, Timed>> coming = own.isEmpty() ? CompletableFuture.completedStage(Map.of()) : ask();
        if (others.isEmpty()) {
            return coming;
        }
        CompletableFuture<?>[] theirs = others.stream()
                .map(flight -> flight.arrived().toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        return coming.thenCombine(CompletableFuture.allOf(theirs), (answer, arrived) -> answer);
    }

    private CompletionStage<Map<String, Timed>> ask() {
        List<String> wanted =
                own.stream().map(flight -> slots.get(flight.key())).toList();
        CompletionStage<Map<String, Timed>> coming;
        try {
            coming = near.store().getAllTimed(wanted);
        } catch (RuntimeException | Error e) {
            own.forEach(flight -> {
                near.cancel(flight);
                flight.arrive(Optional.empty(), e);
            });
            throw e;
        }
        coming.whenComplete((answer, thrown) -> own.forEach(flight -> {
            if (thrown == null) {
                flight.arrive(of(flight, answer), null);
            } else {
                near.cancel(flight);
                flight.arrive(Optional.empty(), thrown);
            }
        }));
        return coming;
    }

    private Optional<Timed> of(Flight<T> flight, Map<String, Timed> answer) {
        return Optional.ofNullable(answer.get(slots.get(flight.key())));
    }

    /**
     * Decodes what was read, and keeps it if it may be kept.
     *
     * @param answer what {@link #start} completed with
     * @return the keys whose entries are there
     */
    public Map<String, T> end(Map<String, Timed> answer) {
        Map<String, T> found = new HashMap<>();
        own.forEach(flight -> near.land(flight, of(flight, answer)).ifPresent(there -> found.put(flight.key(), there)));
        others.forEach(flight -> near.land(
                        flight, flight.arrived().toCompletableFuture().join())
                .ifPresent(there -> found.put(flight.key(), there)));
        return found;
    }
}
