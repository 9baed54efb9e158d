package io.covey.cluster.redis.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One operating system process of a server, from its start to its end. */
final class ServerProcess {
    /** The server ended before it was ready. */
    static final class Ended extends IllegalStateException {
        private static final long serialVersionUID = 1;
        private final boolean mayPassElsewhere;

        Ended(int port, int exitCode, String output) {
            super("The Redis server on port " + port + " ended with exit code " + exitCode
                    + " instead of starting; its output ends with:\n" + output);
            mayPassElsewhere = PASSING.stream().anyMatch(output::contains);
        }

        /** Another attempt on another port has a chance: this one was taken, or the fresh executable still held. */
        boolean mayPassElsewhere() {
            return mayPassElsewhere;
        }
    }

    static final String CONFIGURATION = "redis.conf";
    static final String LOG = "server.log";

    private static final List<String> PASSING =
            List.of("already in use", "create server TCP listening socket", "Failed listening", "Text file busy");
    private static final Path SHELL = Path.of("/bin/sh");
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    /**
     * The shell becomes the server, so the process that Java knows is the server itself. Before that it leaves behind a
     * watcher which holds the other end of Java's pipe: the pipe ends when the server has ended or when this JVM has,
     * however it was killed. A directory to remove ($1) goes once the JVM ($PPID) is gone as well.
     */
    private static final String WATCHED = "directory=$1; shift; exec 3<&0 </dev/null;"
            + " { read -r _; kill -KILL $$; sleep 1; kill -0 $PPID || { test -z \"$directory\" || rm -rf \"$directory\"; }; }"
            + " <&3 >/dev/null 2>&1 & exec \"$@\" 3<&-";

    private final Process process;
    private final int port;
    private final Path log;

    private ServerProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /**
     * Starts the server and waits until it answers.
     *
     * @throws Ended if it ended instead
     */
    static ServerProcess start(ServerSettings settings, int port, Path directory)
            throws IOException, InterruptedException {
        ServerProcess server = spawn(ServerBinary.find(), settings, port, directory);
        try {
            server.awaitReady(settings);
            return server;
        } catch (InterruptedException | RuntimeException e) {
            server.kill();
            throw e;
        }
    }

    private static ServerProcess spawn(Path binary, ServerSettings settings, int port, Path directory)
            throws IOException {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SHELL)) {
            String removable = settings.directory() == null ? directory.toString() : "";
            command.addAll(List.of(SHELL.toString(), "-c", WATCHED, "covey-redis", removable));
        }
        command.add(binary.toString());
        command.add(directory.resolve(CONFIGURATION).toString());
        if (settings.mode() == ServerSettings.Mode.SENTINEL) {
            command.add("--sentinel");
        }
        Path log = directory.resolve(LOG);
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Leftovers.add(process);
        return new ServerProcess(process, port, log);
    }

    private void awaitReady(ServerSettings settings) throws InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        String last = "";
        while (!process.waitFor(5, TimeUnit.MILLISECONDS)) {
            try (Resp resp = settings.connect(port, Duration.ofSeconds(2))) {
                // Another server may have been quicker to take the port; this one is about to end then.
                if (resp.text("PING").equals("PONG")
                        && resp.text("INFO", "server").contains("process_id:" + process.pid() + "\r\n")) {
                    return;
                }
                last = "another server answered there";
            } catch (IOException e) {
                last = String.valueOf(e.getMessage());
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "The Redis server on port " + port + " did not answer within " + START_LIMIT.toSeconds()
                                + " s (" + last + ") and is killed; its output ends with:\n" + tail());
            }
        }
        throw new Ended(port, process.exitValue(), tail());
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends a signal by its POSIX name. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder(SHELL.toString(), "-c", "kill -" + name + " " + pid())
                .redirectErrorStream(true)
                .start();
        try (InputStream output = kill.getInputStream()) {
            String text = new String(output.readAllBytes(), UTF_8).strip();
            if (kill.waitFor() != 0) {
                throw new IOException("cannot send SIG" + name + " to process " + pid() + ": " + text);
            }
        }
    }

    /** Not to be interrupted: the end is a matter of milliseconds, and nothing may be left behind. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Asks it to end, then insists. */
    void stop() throws InterruptedException {
        process.destroy();
        awaitEnd();
    }

    void awaitEnd() throws InterruptedException {
        if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
        }
    }

    private String tail() {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - 4096));
            byte[] bytes = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(bytes);
            List<String> lines = new String(bytes, UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return "(" + log + " cannot be read: " + e.getMessage() + ")";
        }
    }
}
