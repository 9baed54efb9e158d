package io.covey.cluster.cli.hammer;

import io.covey.cluster.cli.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A process that runs {@link HammerProcess}. */
final class HammerJvm {
    private static final int PATIENCE_SECONDS = 120;

    private final String name;
    private final Process process;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile boolean stopped;

    HammerJvm(String name, Path folder, List<String> arguments) throws IOException {
        this.name = name;
        List<String> command = Jvm.command(HammerProcess.class, "-Xmx64m");
        command.addAll(arguments);
        process = new ProcessBuilder(command)
                .redirectError(folder.resolve(name + ".log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        Thread reader = new Thread(this::read, "hammer-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            String line;
            while ((line = lines.readLine()) != null) {
                if (line.contains(HammerProcess.READY)) {
                    ready.complete(null);
                }
            }
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
        ready.completeExceptionally(new IllegalStateException("The process " + name + " ended before it was ready"));
    }

    String name() {
        return name;
    }

    HammerJvm awaitReady() throws Exception {
        ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return this;
    }

    boolean isReady() {
        return ready.isDone();
    }

    boolean isStopped() {
        return stopped;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** SIGSTOP. */
    void pause() throws IOException, InterruptedException {
        stopped = true;
        signal("STOP");
    }

    /** SIGCONT. */
    void resume() throws IOException, InterruptedException {
        signal("CONT");
        stopped = false;
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
}
