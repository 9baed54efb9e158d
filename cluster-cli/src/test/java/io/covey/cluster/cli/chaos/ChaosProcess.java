package io.covey.cluster.cli.chaos;

import io.covey.cluster.cli.Jvm;
import io.covey.cluster.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A process to which faults happen: {@code bin/cluster worker}, a worker of another make, or a node. What it does it writes down
 * under its name.
 */
final class ChaosProcess {
    /** Set by {@code bin/chaos}, which has built the command; else the same main class is started from the test's path. */
    private static final String LAUNCHER = System.getProperty("covey.chaos.launcher", "");

    private static final String READY = "\"ready\"";
    private static final int PATIENCE_SECONDS = 120;
    static final String MEMORY = "-Xmx128m";
    private static final String OPTIONS = MEMORY + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    private final String name;
    private final Process process;
    private final Thread reader;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private ChaosProcess(String name, Process process, String readyWord) {
        this.name = name;
        this.process = process;
        reader = new Thread(() -> read(readyWord), "chaos-" + name);
        reader.setDaemon(true);
        reader.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** Starts {@code cluster worker} with options. */
    static ChaosProcess worker(String name, Path folder, Map<String, String> environment, List<String> options) {
        List<String> command = command();
        command.add("--parent=" + ProcessHandle.current().pid());
        command.addAll(options);
        return run(name, folder, command, environment, READY);
    }

    /** Starts {@code cluster worker} with a process id that each of them has: its own 1, as in a container. */
    static ChaosProcess containedWorker(
            String name, Path folder, Map<String, String> environment, List<String> options) {
        List<String> command = new ArrayList<>(List.of("unshare", "--pid", "--fork", "--kill-child"));
        command.addAll(command());
        command.addAll(options);
        return run(name, folder, command, environment, READY);
    }

    /** Whether this system lets processes have ids of their own. */
    static boolean mayContain() throws InterruptedException {
        try {
            return new ProcessBuilder("unshare", "--pid", "--fork", "--kill-child", "true")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> command() {
        List<String> command =
                LAUNCHER.isEmpty() ? Jvm.command(Main.class, MEMORY) : new ArrayList<>(List.of(LAUNCHER));
        command.addAll(List.of(
                "worker", "--json", "--classpath=" + testClasses(), "--handlers=" + LedgerHandlers.class.getName()));
        return command;
    }

    /** Starts any program; it is ready when it prints a line with a word. */
    static ChaosProcess run(
            String name, Path folder, List<String> command, Map<String, String> environment, String readyWord) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(folder.resolve(name + ".log").toFile());
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_OPTS", OPTIONS);
        // Sources that somebody edits meanwhile must not have the command built anew under the workers.
        builder.environment().put("COVEY_BUILD", "no");
        try {
            return new ChaosProcess(name, builder.start(), readyWord);
        } catch (IOException e) {
            throw new UncheckedIOException("The process " + name + " cannot be started: " + e.getMessage(), e);
        }
    }

    static Path testClasses() {
        return Path.of(LedgerHandlers.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
    }

    private void read(String readyWord) {
        try (BufferedReader lines = process.inputReader()) {
            String line;
            while ((line = lines.readLine()) != null) {
                if (line.contains(readyWord)) {
                    ready.complete(null);
                }
            }
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
        ready.completeExceptionally(new IllegalStateException("The process " + name + " ended before it was ready"));
    }

    ChaosProcess awaitReady() throws Exception {
        ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return this;
    }

    String name() {
        return name;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL; returns when it is dead. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
        // What it wrote to ends with the last process that had it.
        reader.join();
    }

    /** Waits until it has killed itself. */
    void awaitDeath() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The process " + name + " still lives");
        }
    }

    /** SIGSTOP. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT. */
    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    /** SIGTERM; returns when it has ended. */
    void terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The process " + name + " does not end");
        }
    }

    private void signal(String what) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + what, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("SIG" + what + " cannot be sent to the process " + name);
        }
    }

    /** Ends it for good. */
    void end() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
