package io.covey.cluster.redis.operator;

import io.covey.cluster.redis.operator.Finding.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What one check after the other has found. */
final class Findings {
    private final List<Finding> all = new ArrayList<>();
    private final Set<String> unseen = new HashSet<>();
    private String check = "";

    /** What is added from now on is of this check. */
    void begin(String name) {
        check = name;
    }

    void danger(String server, String what, String endangers, String change) {
        add(Level.DANGER, server, what, endangers, change);
    }

    void warning(String server, String what, String endangers, String change) {
        add(Level.WARNING, server, what, endangers, change);
    }

    void info(String server, String what, String change) {
        add(Level.INFO, server, what, "", change);
    }

    /** Once for each server and right. */
    void unseen(String server, String what, String change) {
        if (unseen.add(server + " " + what)) {
            add(Level.UNSEEN, server, what, "", change);
        }
    }

    private void add(Level level, String server, String what, String endangers, String change) {
        all.add(new Finding(level, check, Reply.shown(server), shown(what), shown(endangers), shown(change)));
    }

    private static String shown(String text) {
        return text.replaceAll("[^\\x20-\\x7E…]", "?");
    }

    /** The worst first. */
    List<Finding> sorted() {
        return all.stream().sorted(Comparator.comparing(Finding::level)).toList();
    }
}
