package io.covey.cluster.bench.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** What each contestant scored in each round. */
final class Scores {
    private final Map<String, Map<String, List<Double>>> all = new LinkedHashMap<>();

    void add(String contestant, Map<String, Double> round) {
        round.forEach((what, value) -> all.computeIfAbsent(contestant, name -> new LinkedHashMap<>())
                .computeIfAbsent(what, name -> new ArrayList<>())
                .add(value));
    }

    Set<String> contestants() {
        return all.keySet();
    }

    /** Empty if it did not take part in this. */
    OptionalDouble median(String contestant, String what) {
        return median(rounds(contestant, what));
    }

    /** The median over the rounds of what one scored to what another scored in the same round. */
    OptionalDouble ratio(String contestant, String other, String what) {
        List<Double> mine = rounds(contestant, what);
        List<Double> theirs = rounds(other, what);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(mine.size(), theirs.size()); i++) {
            ratios.add(mine.get(i) / theirs.get(i));
        }
        return median(ratios);
    }

    private List<Double> rounds(String contestant, String what) {
        return all.getOrDefault(contestant, Map.of()).getOrDefault(what, List.of());
    }

    private static OptionalDouble median(List<Double> values) {
        if (values.isEmpty()) {
            return OptionalDouble.empty();
        }
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return OptionalDouble.of(
                sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2);
    }
}
