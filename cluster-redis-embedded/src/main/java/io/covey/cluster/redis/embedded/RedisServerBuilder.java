package io.covey.cluster.redis.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of a {@link RedisServer}; from {@link RedisServer#builder()}. */
public final class RedisServerBuilder {
    private final ServerSettings.Mode mode;
    private final List<List<String>> lines = new ArrayList<>();
    private int port;
    private @Nullable String user;
    private @Nullable String password;
    private boolean appendOnly;
    private @Nullable Path directory;

    RedisServerBuilder(ServerSettings.Mode mode) {
        this.mode = mode;
    }

    /** The port, 0 (the default) for a free one. */
    public RedisServerBuilder port(int number) {
        if (number < 0 || number > 65_535) {
            throw new IllegalArgumentException("port must be between 0 and 65535, was " + number);
        }
        port = number;
        return this;
    }

    /** The password of the default user. */
    public RedisServerBuilder password(String secret) {
        user = null;
        password = secret;
        return this;
    }

    /** A user who may do everything; the default user is switched off. */
    public RedisServerBuilder user(String name, String secret) {
        user = name;
        password = secret;
        return this;
    }

    /** True to keep every write in an append-only file; false (the default) keeps nothing on disk. */
    public RedisServerBuilder appendOnly(boolean on) {
        appendOnly = on;
        return this;
    }

    /**
     * The directory to work in; it is made if missing and stays after {@link RedisServer#close()}. The default is a
     * temporary one.
     */
    public RedisServerBuilder directory(Path path) {
        directory = path;
        return this;
    }

    /**
     * A line of the configuration file; the last one of a name wins.
     *
     * @param name for example {@code maxmemory}
     * @param arguments each one argument of the setting, for example {@code "pubsub", "1mb", "1mb", "60"}; quoted as
     *     needed
     */
    public RedisServerBuilder setting(String name, String... arguments) {
        if (!name.matches("[A-Za-z0-9-]+")) {
            throw new IllegalArgumentException("setting must be a word of letters, digits and -, was " + name);
        }
        List<String> line = new ArrayList<>();
        line.add(name);
        Collections.addAll(line, arguments);
        lines.add(List.copyOf(line));
        return this;
    }

    /**
     * Starts the server and waits until it answers.
     *
     * @throws IllegalStateException if it does not start; the message ends with the last lines of its output
     */
    public RedisServer start() {
        boolean ownTls = lines.stream().anyMatch(line -> line.get(0).equals("tls-port"));
        return RedisServer.start(new ServerSettings(
                mode,
                port,
                user,
                password,
                appendOnly,
                directory,
                List.copyOf(lines),
                ownTls ? null : ServerTls.asked(),
                mode == ServerSettings.Mode.SENTINEL || password != null ? null : ServerUser.asked()));
    }
}
