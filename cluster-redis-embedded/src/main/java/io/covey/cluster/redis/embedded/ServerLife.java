package io.covey.cluster.redis.embedded;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLException;

/** A server over all its restarts: its port, its directory and the process of the moment. Not thread-safe. */
final class ServerLife {
    private static final int PORT_ATTEMPTS = 20;
    private static final Duration SAVE_LIMIT = Duration.ofSeconds(60);
    private static final Set<String> KEPT = Set.of(ServerProcess.CONFIGURATION, ServerProcess.LOG);

    private final ServerSettings settings;
    private final Path directory;
    private final int port;
    private ServerProcess process;
    private boolean paused;

    private ServerLife(ServerSettings settings, Path directory, int port, ServerProcess process) {
        this.settings = settings;
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    static ServerLife begin(ServerSettings settings) throws IOException, InterruptedException {
        Path given = settings.directory();
        if (given != null) {
            return begin(settings, Files.createDirectories(given).toRealPath());
        }
        Path own = Files.createTempDirectory("covey-redis-").toRealPath();
        Leftovers.add(own);
        try {
            return begin(settings, own);
        } catch (IOException | InterruptedException | RuntimeException e) {
            Leftovers.delete(own);
            throw e;
        }
    }

    private static ServerLife begin(ServerSettings settings, Path directory) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            int port =
                    settings.port() > 0 ? settings.port() : Ports.take(settings.mode() == ServerSettings.Mode.CLUSTER);
            try {
                Files.writeString(
                        directory.resolve(ServerProcess.CONFIGURATION), settings.configuration(port, directory));
                return new ServerLife(settings, directory, port, ServerProcess.start(settings, port, directory));
            } catch (IOException | InterruptedException | RuntimeException e) {
                Ports.giveBack(port);
                boolean again = e instanceof ServerProcess.Ended ended
                        && ended.mayPassElsewhere()
                        && settings.port() == 0
                        && attempt < PORT_ATTEMPTS;
                if (!again) {
                    throw e;
                }
            }
        }
    }

    int port() {
        return port;
    }

    boolean isRunning() {
        return process.isAlive();
    }

    long pid() {
        return running().pid();
    }

    Path directory() {
        return directory;
    }

    void kill() {
        process.kill();
        paused = false;
    }

    void stop() throws IOException, InterruptedException {
        if (process.isAlive()) {
            wake();
            process.stop();
        }
    }

    void restart() throws IOException, InterruptedException {
        Path dump = directory.resolve("dump.rdb");
        boolean saved = process.isAlive() && settings.keepsNothing();
        boolean dumpIsOurs = saved && !Files.exists(dump);
        if (saved) {
            wake();
            stopSaving();
        } else {
            stop();
        }
        startAgain();
        if (dumpIsOurs) {
            // Else a crash much later would bring the data of today back.
            Files.deleteIfExists(dump);
        }
    }

    private void stopSaving() throws IOException, InterruptedException {
        try (Resp resp = connect(SAVE_LIMIT)) {
            resp.text("SHUTDOWN", "SAVE");
        } catch (EOFException | SocketException | SSLException e) {
            // Its answer is to end.
        }
        process.awaitEnd();
    }

    void restartEmpty() throws IOException, InterruptedException {
        kill();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                directory, file -> !KEPT.contains(file.getFileName().toString()))) {
            for (Path file : files) {
                Leftovers.delete(file);
            }
        }
        startAgain();
    }

    private void startAgain() throws IOException, InterruptedException {
        paused = false;
        process = ServerProcess.start(settings, port, directory);
    }

    void pause() throws IOException, InterruptedException {
        running().signal("STOP");
        paused = true;
    }

    void resume() throws IOException, InterruptedException {
        running();
        wake();
    }

    private void wake() throws IOException, InterruptedException {
        if (paused) {
            process.signal("CONT");
            paused = false;
        }
    }

    void end() throws IOException, InterruptedException {
        try {
            if (settings.directory() == null) {
                kill();
                Leftovers.delete(directory);
            } else {
                stop();
            }
        } finally {
            Ports.giveBack(port);
        }
    }

    Resp connect(Duration timeout) throws IOException {
        return settings.connect(port, timeout);
    }

    private ServerProcess running() {
        if (!process.isAlive()) {
            throw new IllegalStateException("The Redis server on port " + port + " is not running");
        }
        return process;
    }
}
