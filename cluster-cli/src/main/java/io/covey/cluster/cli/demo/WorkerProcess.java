package io.covey.cluster.cli.demo;

import io.covey.cluster.ClusterException;
import io.covey.cluster.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A {@code cluster worker} in a process of its own. */
final class WorkerProcess implements AutoCloseable {
    private static final int START_SECONDS = 60;
    private static final int SHOWN_LINES = 5;

    private final String name;
    private final Process process;
    private final Path log;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final Thread reader;

    private WorkerProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.reader = new Thread(this::read, "covey-demo-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a worker; {@link #awaitReady} waits for it. It ends with this process, however this process ends. */
    static WorkerProcess start(String name, int concurrency, Map<String, String> environment) {
        try {
            Path log = Files.createTempFile("covey-demo-" + name + "-", ".log");
            ProcessBuilder builder = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:+UseSerialGC",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            "worker",
                            "--json",
                            "--name=" + name,
                            "--queues=" + CountFile.TYPE.queue(),
                            "--handlers=" + CountHandlers.class.getName(),
                            "--concurrency=" + concurrency,
                            "--lease=3s",
                            "--beat=600ms",
                            "--parent=" + ProcessHandle.current().pid()))
                    .redirectError(log.toFile());
            builder.environment().putAll(environment);
            return new WorkerProcess(name, builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException("The worker " + name + " cannot be started: " + e.getMessage(), e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            String line;
            while ((line = lines.readLine()) != null) {
                if (line.contains("\"ready\"")) {
                    ready.complete(null);
                }
            }
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
        ready.completeExceptionally(new ClusterException("it ended"));
    }

    void awaitReady() throws InterruptedException {
        try {
            ready.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            throw new ClusterException("The worker " + name + " did not start: " + lastLines());
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    private String lastLines() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
        } catch (IOException e) {
            return "its log " + log + " cannot be read";
        }
    }

    /** SIGTERM, and SIGKILL for one that does not listen. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Files.deleteIfExists(log);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
