package io.covey.cluster.bench.peers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** Whether it is among those that are asked for; all are where nothing is. */
    boolean asksFor(String name) {
        return asksFor("--only", name);
    }

    /** The same of another option that lists names. */
    boolean asksFor(String option, String name) {
        String only = values.get(option);
        return only.isEmpty() || List.of(only.split(",")).contains(name);
    }
}
