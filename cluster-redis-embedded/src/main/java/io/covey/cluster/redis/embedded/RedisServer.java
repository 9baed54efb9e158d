package io.covey.cluster.redis.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis server on 127.0.0.1. Its executable is {@code redis-server} or {@code valkey-server} of the PATH, else a
 * bundled Redis 7.0 for Linux and macOS. It keeps nothing on disk unless told to, and it ends when it is closed, when
 * this JVM ends, and when this JVM is killed.
 *
 * <p>The system property {@code covey.redis.uri}, else the environment variable {@code COVEY_REDIS_URI}, names a running
 * server to use instead, see {@link #start()}. Such a handle offers {@link #uri()} and {@link #port()}; every method
 * that acts on a process throws {@link IllegalStateException}.
 *
 * <p>The system property {@code covey.redis.tls} names a directory with {@code ca.crt}, {@code server.crt} and
 * {@code server.key}, in PEM, valid for 127.0.0.1: then the servers that are started, those of clusters and Sentinels
 * too, listen for TLS and nothing else, but for one with a setting {@code tls-port} of its own. The system property
 * {@code covey.redis.user} holds a name, a password and rules of an ACL, with spaces between: then the servers that are
 * started, but for Sentinels and those with a password of their own, have that user too, and their URIs name it; what this
 * class does itself is done as the default user.
 *
 * <p>Methods may be called from any thread, one at a time takes effect, and they return when what they promise has
 * happened. An interrupt ends the wait with {@link IllegalStateException} and leaves the thread interrupted.
 */
public final class RedisServer implements AutoCloseable {
    static final String PROPERTY = "covey.redis.uri";
    static final String VARIABLE = "COVEY_REDIS_URI";

    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final String uri;
    private final String credentials;
    private final String query;
    private final int port;
    private final @Nullable ServerLife life;
    private volatile boolean closed;

    private RedisServer(String uri, String credentials, String query, int port, @Nullable ServerLife life) {
        this.uri = uri;
        this.credentials = credentials;
        this.query = query;
        this.port = port;
        this.life = life;
    }

    /**
     * The server that {@code covey.redis.uri} or {@code COVEY_REDIS_URI} names, else a new one with a free port, no
     * password and nothing kept on disk.
     *
     * @throws IllegalStateException if it does not start; the message ends with the last lines of its output
     */
    public static RedisServer start() {
        String given = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        return given == null || given.isBlank() ? builder().start() : external(given.strip());
    }

    /** The options of a server that is always a process of its own, whatever {@code covey.redis.uri} says. */
    public static RedisServerBuilder builder() {
        return new RedisServerBuilder(ServerSettings.Mode.STANDALONE);
    }

    /**
     * The options of one Sentinel by itself, for settings that {@link RedisSentinels} does not make; what it watches is a
     * {@code setting("sentinel", "monitor", …)}.
     */
    public static RedisServerBuilder sentinel() {
        return new RedisServerBuilder(ServerSettings.Mode.SENTINEL);
    }

    private static RedisServer external(String uri) {
        int port = URI.create(uri).getPort();
        return new RedisServer(uri, "", "", port < 0 ? 6379 : port, null);
    }

    static RedisServer start(ServerSettings settings) {
        try {
            ServerLife life = ServerLife.begin(settings);
            String query = settings.tls() == null ? "" : settings.tls().query();
            return new RedisServer(
                    "redis://" + settings.credentials() + "127.0.0.1:" + life.port() + query,
                    settings.credentials(),
                    query,
                    life.port(),
                    life);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start a Redis server: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a Redis server started; it was killed", e);
        }
    }

    static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    /**
     * Where clients connect, {@code redis://[[user]:password@]127.0.0.1:port}, and {@code ?tls=true&ca=FILE} of a server
     * with TLS; with the password in clear.
     */
    public String uri() {
        return uri;
    }

    /** What {@link #uri()} says before the host. */
    String credentials() {
        return credentials;
    }

    /** What {@link #uri()} ends with. */
    String query() {
        return query;
    }

    /** The port clients connect to. */
    public int port() {
        return port;
    }

    /** False when the server was named by {@code covey.redis.uri}: then it cannot be killed, restarted or asked. */
    public boolean hasProcess() {
        return life != null;
    }

    /**
     * The process id.
     *
     * @throws IllegalStateException if the server is not running
     */
    public long pid() {
        return act("tell the process id of", ServerLife::pid);
    }

    /** True while the process lives, paused or not; false for a server named by {@code covey.redis.uri}. */
    public boolean isRunning() {
        return life != null && !closed && act("see whether there runs", ServerLife::isRunning);
    }

    /** Ends the process as a crash does (SIGKILL). Nothing happens if it is not running. */
    public void kill() {
        run("kill", ServerLife::kill);
    }

    /**
     * Ends the process as an orderly shutdown does (SIGTERM; SIGKILL after 10 s). A paused one is resumed first. Nothing
     * happens if it is not running.
     */
    public void stop() {
        run("stop", ServerLife::stop);
    }

    /**
     * Stops the server if it is running and starts it again on the same port and directory. A running server keeps its
     * data; one that was killed or stopped comes back with what its append-only file holds.
     *
     * @throws IllegalStateException if it does not start, for example because its port was taken meanwhile
     */
    public void restart() {
        run("restart", ServerLife::restart);
    }

    /**
     * Kills the server if it is running and starts it again on the same port without any data.
     *
     * @throws IllegalStateException if it does not start, for example because its port was taken meanwhile
     */
    public void restartEmpty() {
        run("restart", ServerLife::restartEmpty);
    }

    /**
     * Freezes the process (SIGSTOP): connections stay open and new ones are accepted, nothing is answered.
     *
     * @throws IllegalStateException if the server is not running
     */
    public void pause() {
        run("pause", ServerLife::pause);
    }

    /**
     * Lets a paused process go on (SIGCONT). Nothing happens if it is not paused.
     *
     * @throws IllegalStateException if the server is not running
     */
    public void resume() {
        run("resume", ServerLife::resume);
    }

    /**
     * Sends one command on a connection of its own and waits up to 10 s for the reply: a string or a number as text, a
     * null as the empty string, an array as {@code [a, b]}.
     *
     * @throws UncheckedIOException if the server answers with an error or not at all; the message holds the error
     */
    public String command(String... words) {
        return ask("ask", server -> {
            try (Resp resp = server.connect(COMMAND_LIMIT)) {
                return resp.text(words);
            }
        });
    }

    /** Ends the process and removes its temporary directory; a directory that was given stays. Twice is fine. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed && life != null) {
                run("close", ServerLife::end);
            }
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** A connection to look after the server; the caller closes it. */
    Resp connect(Duration timeout) {
        return ask("connect to", server -> server.connect(timeout));
    }

    Path directory() {
        return act("tell the directory of", ServerLife::directory);
    }

    private void run(String what, Step step) {
        act(what, server -> {
            step.take(server);
            return this;
        });
    }

    private <T> T act(String what, Question<T> question) {
        lock.lock();
        try {
            return ask(what, question);
        } finally {
            lock.unlock();
        }
    }

    /** Without the lock: a command to a paused server must not keep others from resuming it. */
    private <T> T ask(String what, Question<T> question) {
        if (life == null) {
            throw new IllegalStateException("Cannot " + what + " " + this + ": it was named by " + PROPERTY + " or "
                    + VARIABLE + " and is not a process of this JVM");
        }
        if (closed) {
            throw new IllegalStateException("Cannot " + what + " " + this + ": it is closed");
        }
        try {
            return question.ask(life);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot " + what + " " + this + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted on the way to " + what + " " + this, e);
        }
    }

    @Override
    public String toString() {
        return "Redis server " + uri.replaceFirst("://([^:@/]*):[^@/]*@", "://$1:***@");
    }

    private interface Step {
        void take(ServerLife server) throws IOException, InterruptedException;
    }

    private interface Question<T> {
        T ask(ServerLife server) throws IOException, InterruptedException;
    }
}
