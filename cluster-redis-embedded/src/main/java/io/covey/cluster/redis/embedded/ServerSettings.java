package io.covey.cluster.redis.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a server is set up.
 *
 * @param port 0 for a free one
 * @param directory null for a temporary one
 * @param lines more lines of the configuration file, each a name and its arguments
 */
record ServerSettings(
        Mode mode,
        int port,
        @Nullable String user,
        @Nullable String password,
        boolean appendOnly,
        @Nullable Path directory,
        List<List<String>> lines) {

    enum Mode {
        STANDALONE,
        CLUSTER,
        SENTINEL
    }

    /** True when the data lives in memory alone. */
    boolean keepsNothing() {
        return mode != Mode.SENTINEL && !appendOnly;
    }

    String configuration(int actualPort, Path actualDirectory) {
        List<List<String>> all = new ArrayList<>();
        all.add(List.of("bind", "127.0.0.1"));
        all.add(List.of("port", Integer.toString(actualPort)));
        all.add(List.of("dir", actualDirectory.toString()));
        if (mode != Mode.SENTINEL) {
            all.add(List.of("save", ""));
            all.add(List.of("appendonly", appendOnly ? "yes" : "no"));
            // By default a master waits 5 s for more replicas before it serves the first.
            all.add(List.of("repl-diskless-sync-delay", "0"));
        }
        if (mode == Mode.CLUSTER) {
            all.add(List.of("cluster-enabled", "yes"));
            all.add(List.of("cluster-config-file", "nodes.conf"));
        }
        if (password != null && user == null) {
            all.add(List.of("requirepass", password));
        } else if (password != null && user != null) {
            all.add(List.of("user", user, "on", ">" + password, "~*", "&*", "+@all"));
            all.add(List.of("user", "default", "off"));
        }
        all.addAll(lines);
        StringBuilder text = new StringBuilder();
        for (List<String> line : all) {
            text.append(line.get(0));
            line.subList(1, line.size()).forEach(argument -> text.append(' ').append(quote(argument)));
            text.append('\n');
        }
        return text.toString();
    }

    private static String quote(String argument) {
        return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
