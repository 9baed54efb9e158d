package io.covey.cluster.tck.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Goes through every state, nearest first, until a promise is broken or there are no more. */
final class Search {
    private final Bounds bounds;
    private final Steps steps;
    private final Promises promises;
    private final Map<Key, Integer> numbers = new HashMap<>();
    private final List<byte[]> states = new ArrayList<>();
    private final List<Integer> parents = new ArrayList<>();
    private final List<int[]> successors = new ArrayList<>();

    Search(Bounds bounds, Set<Rule> broken) {
        this.bounds = bounds;
        Server server = new Server(bounds, broken);
        this.steps = new Steps(bounds, server);
        this.promises = new Promises(bounds, server);
    }

    /**
     * What was found.
     *
     * @param states how many there are
     * @param broken the first promise that does not hold; null if all do
     * @param path how it came to that
     * @param stuck how many states from which the end of all tasks cannot be reached; -1 if a promise is broken
     */
    record Found(int states, @Nullable Promise broken, List<String> path, int stuck) {}

    private record Key(byte[] values, int hash) {

        static Key of(byte[] values) {
            return new Key(values, Arrays.hashCode(values));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && hash == key.hash && Arrays.equals(values, key.values);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    Found run() {
        number(State.first(bounds), -1);
        for (int at = 0; at < states.size(); at++) {
            int from = at;
            State state = State.of(bounds, states.get(at));
            List<Integer> next = new ArrayList<>();
            List<Promise> broken = new ArrayList<>();
            steps.from(state, (what, who, after) -> {
                int before = states.size();
                int number = number(after, from);
                if (number != from) {
                    next.add(number);
                }
                Promise promise = number >= before ? promises.broken(after) : null;
                if (promise != null && broken.isEmpty()) {
                    broken.add(promise);
                    states.set(states.size() - 1, after.values());
                    next.add(0, number);
                }
            });
            if (!broken.isEmpty()) {
                return new Found(states.size(), broken.get(0), path(next.get(0)), -1);
            }
            successors.add(next.stream().mapToInt(Integer::intValue).toArray());
        }
        return new Found(states.size(), null, List.of(), stuck());
    }

    private int number(State state, int parent) {
        Integer known = numbers.putIfAbsent(Key.of(state.values()), states.size());
        if (known != null) {
            return known;
        }
        states.add(state.values());
        parents.add(parent);
        return states.size() - 1;
    }

    private List<String> path(int end) {
        List<String> path = new ArrayList<>();
        for (int at = end; parents.get(at) >= 0; at = parents.get(at)) {
            byte[] values = states.get(at);
            List<String> name = new ArrayList<>();
            steps.from(State.of(bounds, states.get(parents.get(at))), (what, who, after) -> {
                if (name.isEmpty() && Arrays.equals(after.values(), values)) {
                    name.add(what + " " + who);
                }
            });
            path.addAll(name);
        }
        Collections.reverse(path);
        return path;
    }

    private int stuck() {
        int count = states.size();
        int[] sizes = new int[count];
        successors.forEach(all -> Arrays.stream(all).forEach(to -> sizes[to]++));
        int[][] before = new int[count][];
        Arrays.setAll(before, i -> new int[sizes[i]]);
        for (int from = 0; from < count; from++) {
            for (int to : successors.get(from)) {
                before[to][--sizes[to]] = from;
            }
        }
        boolean[] reaches = new boolean[count];
        ArrayDeque<Integer> open = new ArrayDeque<>();
        for (int i = 0; i < count; i++) {
            if (promises.isEnd(State.of(bounds, states.get(i)))) {
                reaches[i] = true;
                open.add(i);
            }
        }
        int reached = open.size();
        while (!open.isEmpty()) {
            for (int from : before[open.poll()]) {
                if (!reaches[from]) {
                    reaches[from] = true;
                    reached++;
                    open.add(from);
                }
            }
        }
        return count - reached;
    }
}
