package io.covey.cluster.core.local;

import io.covey.cluster.Registration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Who wants a hint about which name. A hint that waits to be delivered stands for all that come meanwhile. */
final class Hints {
    private final ConcurrentMap<String, List<Waiter>> waiters = new ConcurrentHashMap<>();

    Registration register(LocalTransport transport, Collection<String> names, Consumer<String> hint) {
        Waiter waiter = new Waiter(transport.serial(), hint, ConcurrentHashMap.newKeySet());
        List<String> wanted = List.copyOf(names);
        wanted.forEach(name -> waiters.compute(name, (same, known) -> {
            List<Waiter> list = known == null ? new CopyOnWriteArrayList<>() : known;
            list.add(waiter);
            return list;
        }));
        return transport.keep(
                waiter.serial,
                () -> wanted.forEach(name -> waiters.computeIfPresent(name, (same, list) -> {
                    list.remove(waiter);
                    return list.isEmpty() ? null : list;
                })));
    }

    /** Hints everybody who waits; to be called without a lock held. */
    void give(String name) {
        List<Waiter> list = waiters.get(name);
        if (list != null) {
            list.forEach(waiter -> waiter.hint(name));
        }
    }

    private record Waiter(Serial serial, Consumer<String> hint, Set<String> pending) {

        private void hint(String name) {
            if (pending.add(name)) {
                serial.offer(() -> {
                    pending.remove(name);
                    hint.accept(name);
                });
            }
        }
    }
}
