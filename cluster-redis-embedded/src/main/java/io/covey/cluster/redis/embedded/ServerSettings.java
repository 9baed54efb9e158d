package io.covey.cluster.redis.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a server is set up.
 *
 * @param port 0 for a free one
 * @param directory null for a temporary one
 * @param lines more lines of the configuration file, each a name and its arguments
 * @param tls null to listen in clear
 * @param client null for clients that come as whom the server itself asks for
 */
record ServerSettings(
        Mode mode,
        int port,
        @Nullable String user,
        @Nullable String password,
        boolean appendOnly,
        @Nullable Path directory,
        List<List<String>> lines,
        @Nullable ServerTls tls,
        @Nullable ServerUser client) {

    enum Mode {
        STANDALONE,
        CLUSTER,
        SENTINEL
    }

    /** What clients write before the host: nothing, or who they are and an @. */
    String credentials() {
        if (client != null) {
            return RedisServer.encode(client.name()) + ":" + RedisServer.encode(client.password()) + "@";
        }
        return password == null
                ? ""
                : (user == null ? "" : RedisServer.encode(user)) + ":" + RedisServer.encode(password) + "@";
    }

    /** A connection to look after the server that listens there. */
    Resp connect(int actualPort, Duration timeout) throws IOException {
        Resp resp = new Resp(actualPort, timeout, tls);
        try {
            resp.authenticate(user, password);
            return resp;
        } catch (IOException e) {
            resp.close();
            throw e;
        }
    }

    /** True when the data lives in memory alone. */
    boolean keepsNothing() {
        return mode != Mode.SENTINEL && !appendOnly;
    }

    String configuration(int actualPort, Path actualDirectory) {
        List<List<String>> all = new ArrayList<>();
        all.add(List.of("bind", "127.0.0.1"));
        if (tls == null) {
            all.add(List.of("port", Integer.toString(actualPort)));
        } else {
            all.addAll(tls.lines(actualPort));
        }
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
            if (tls != null) {
                all.add(List.of("tls-cluster", "yes"));
            }
        }
        if (password != null && user == null) {
            all.add(List.of("requirepass", password));
        } else if (password != null && user != null) {
            all.add(List.of("user", user, "on", ">" + password, "~*", "&*", "+@all"));
            all.add(List.of("user", "default", "off"));
        }
        if (client != null) {
            all.add(client.line());
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
