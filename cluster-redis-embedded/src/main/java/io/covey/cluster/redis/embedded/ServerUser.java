package io.covey.cluster.redis.embedded;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A user that servers have beside the default one since a system property asked for it, and as whom clients come. */
record ServerUser(String name, String password, List<String> rules) {
    static final String PROPERTY = "covey.redis.user";

    /** Copies the rules. */
    ServerUser {
        rules = List.copyOf(rules);
    }

    /** Whom the property asks for, or null. */
    static @Nullable ServerUser asked() {
        String words = System.getProperty(PROPERTY);
        if (words == null || words.isBlank()) {
            return null;
        }
        List<String> parts = List.of(words.strip().split("\\s+"));
        if (parts.size() < 2) {
            throw new IllegalArgumentException(PROPERTY + " must be a name, a password and rules of an ACL");
        }
        return new ServerUser(parts.get(0), parts.get(1), parts.subList(2, parts.size()));
    }

    /** A line of the configuration file. */
    List<String> line() {
        List<String> line = new ArrayList<>(List.of("user", name, "on", ">" + password));
        line.addAll(rules);
        return line;
    }
}
