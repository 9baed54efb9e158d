package io.covey.cluster.tasks;

import io.covey.cluster.spi.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which queues a worker serves: in an order, or by weights; by name, or by pattern. */
record QueueChoice(List<Entry> entries, boolean byWeight) {
    private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9_.:*-]{1,128}");
    private static final int MOST_WEIGHT = 1000;

    /** A name, or a pattern in which {@code *} stands for any characters. */
    record Entry(String text, @Nullable Pattern pattern, int weight) {

        static Entry of(String text, int weight) {
            if (!text.contains("*")) {
                return new Entry(Names.check("queue", text), null, weight);
            }
            if (!PATTERN.matcher(text).matches()) {
                throw new IllegalArgumentException("A pattern of queues must match " + PATTERN.pattern() + ", was \""
                        + Names.printable(text) + "\"");
            }
            String quoted = "\\Q" + text.replace("*", "\\E.*\\Q") + "\\E";
            return new Entry(text, Pattern.compile(quoted), weight);
        }
    }

    QueueChoice {
        entries = List.copyOf(entries);
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("A worker needs a queue, had none");
        }
    }

    static QueueChoice inOrder(Collection<String> texts) {
        return new QueueChoice(
                new LinkedHashSet<>(texts)
                        .stream().map(text -> Entry.of(text, 1)).toList(),
                false);
    }

    static QueueChoice byWeight(Map<String, Integer> weights) {
        List<Entry> entries = new ArrayList<>();
        weights.forEach((text, weight) -> {
            if (weight < 1 || weight > MOST_WEIGHT) {
                throw new IllegalArgumentException("The weight of queue " + Names.printable(text)
                        + " must be between 1 and " + MOST_WEIGHT + ", was " + weight);
            }
            entries.add(Entry.of(text, weight));
        });
        return new QueueChoice(entries, true);
    }

    boolean hasPatterns() {
        return entries.stream().anyMatch(entry -> entry.pattern() != null);
    }

    /** The queues to serve with their weights, the first before the others; a name said keeps its place before a pattern. */
    Map<String, Integer> arrange(Set<String> known) {
        Set<String> said = new LinkedHashSet<>();
        entries.stream().filter(entry -> entry.pattern() == null).forEach(entry -> said.add(entry.text()));
        Map<String, Integer> arranged = new LinkedHashMap<>();
        Set<String> sorted = new TreeSet<>(known);
        for (Entry entry : entries) {
            Pattern pattern = entry.pattern();
            if (pattern == null) {
                arranged.put(entry.text(), entry.weight());
            } else {
                for (String name : sorted) {
                    if (!said.contains(name) && pattern.matcher(name).matches()) {
                        arranged.putIfAbsent(name, entry.weight());
                    }
                }
            }
        }
        return arranged;
    }

    /** For a person. */
    List<String> texts() {
        return entries.stream().map(Entry::text).toList();
    }
}
