package io.covey.cluster.core.cache;

import io.covey.cluster.core.runtime.NodeContext;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** The loads under way on a node, by the slots they are for. */
final class Flights {
    private static final int REST_SECONDS = 1;

    private final NodeContext node;
    private final ConcurrentMap<String, Flight> bySlot = new ConcurrentHashMap<>();
    private final Set<String> resting = ConcurrentHashMap.newKeySet();

    Flights(NodeContext node) {
        this.node = node;
    }

    /** The load under way, or a new one that nobody runs yet. It is gone from here before those who wait for it hear. */
    Flight join(String slot, Flight.Load load) {
        return bySlot.computeIfAbsent(
                slot,
                absent -> new Flight(flight -> {
                    try {
                        return load.run(flight);
                    } finally {
                        bySlot.remove(slot, flight);
                    }
                }));
    }

    /** Has a load run by a thread of the node's, unless one is under way or one has just failed. */
    void startAside(String slot, Flight.Load load) {
        if (!resting.contains(slot) && !bySlot.containsKey(slot)) {
            Flight flight = join(slot, load);
            try {
                node.threads().loaders().execute(flight::runAside);
            } catch (RejectedExecutionException closed) {
                bySlot.remove(slot, flight);
            }
        }
    }

    /** What is under way for a slot is not stored, and who comes now does not wait for it. */
    void forget(String slot) {
        Flight flight = bySlot.remove(slot);
        if (flight != null) {
            flight.forget();
        }
    }

    void forgetAll(String prefix) {
        for (Map.Entry<String, Flight> entry : bySlot.entrySet()) {
            if (entry.getKey().startsWith(prefix)) {
                forget(entry.getKey());
            }
        }
    }

    /** Who comes now does not wait for it; it may still be stored. */
    void leave(String slot, Flight flight) {
        bySlot.remove(slot, flight);
    }

    /** No load is started aside for a moment: the last one failed. */
    void rest(String slot) {
        if (resting.add(slot)) {
            try {
                node.threads().timer().schedule(() -> resting.remove(slot), REST_SECONDS, TimeUnit.SECONDS);
            } catch (RejectedExecutionException closed) {
                resting.remove(slot);
            }
        }
    }
}
