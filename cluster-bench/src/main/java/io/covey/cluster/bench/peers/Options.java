package io.covey.cluster.bench.peers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What a match is told on its command line: words with two dashes, each followed by its value. */
final class Options {
    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /** Ends the program with the usage if the words are others than those that have a default, or a value is missing. */
    static Options of(String[] args, Map<String, String> defaults, String usage) {
        Map<String, String> values = new LinkedHashMap<>(defaults);
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length || values.put(args[i], args[i + 1]) == null) {
                System.err.println("usage: " + usage);
                System.exit(2);
            }
        }
        return new Options(values);
    }

    int number(String option) {
        return Integer.parseInt(values.get(option));
    }

    /** Those whose names {@code --only} lists; all if it lists none. */
    <T> List<T> asked(List<T> all, Function<T, String> name) {
        return asked("--only", all, name);
    }

    /** The same of another option that lists names. Ends the program if it lists one that there is not. */
    <T> List<T> asked(String option, List<T> all, Function<T, String> name) {
        if (values.get(option).isEmpty()) {
            return all;
        }
        List<String> wanted = List.of(values.get(option).split(","));
        List<String> known = all.stream().map(name).toList();
        wanted.stream().filter(one -> !known.contains(one)).findFirst().ifPresent(one -> {
            System.err.println(option + " " + one + " is not among those that can play here: " + known);
            System.exit(2);
        });
        return all.stream().filter(one -> wanted.contains(name.apply(one))).toList();
    }
}
