package io.covey.cluster.core.local;

import io.covey.cluster.spi.LeaseStore.Holding;
import io.covey.cluster.spi.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Pages of what is held, by name. */
final class Holders {

    private Holders() {}

    static <T> Page<Holding> page(
            Map<String, T> all,
            String prefix,
            Optional<String> after,
            int limit,
            BiFunction<String, T, List<Holding>> reader) {
        List<String> names = all.keySet().stream()
                .filter(name -> name.startsWith(prefix)
                        && after.map(last -> name.compareTo(last) > 0).orElse(true))
                .sorted()
                .limit(limit + 1L)
                .toList();
        List<String> these = names.size() > limit ? names.subList(0, limit) : names;
        List<Holding> held = new ArrayList<>();
        for (String name : these) {
            T value = all.get(name);
            if (value != null) {
                held.addAll(reader.apply(name, value));
            }
        }
        return new Page<>(held, names.size() > limit ? Optional.of(these.get(these.size() - 1)) : Optional.empty());
    }
}
