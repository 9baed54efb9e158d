package io.covey.cluster.cli.chaos;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real node-resque, installed once below {@code target}. */
final class NodeResque {
    private static final String PACKAGE = "node-resque@9.7.1";
    private static final String SCRIPT = "node-worker.js";
    private static final int INSTALL_SECONDS = 180;

    private final Path home;

    private NodeResque(Path home) {
        this.home = home;
    }

    /** Installs it; skips the test where that cannot be. */
    static NodeResque installed() throws Exception {
        Path home = Files.createDirectories(Path.of("target", "node-resque"));
        if (!Files.isDirectory(home.resolve("node_modules").resolve("node-resque"))) {
            run(home, "node", "--version");
            run(home, "npm", "install", "--no-audit", "--no-fund", "--prefix", ".", PACKAGE);
        }
        try (InputStream script = NodeResque.class.getResourceAsStream(SCRIPT)) {
            Files.copy(script, home.resolve(SCRIPT), StandardCopyOption.REPLACE_EXISTING);
        }
        return new NodeResque(home.toAbsolutePath());
    }

    private static void run(Path folder, String... command) throws InterruptedException {
        String text = String.join(" ", command);
        try {
            File output = folder.resolve("install.log").toFile();
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start();
            if (!process.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                skip("\"" + text + "\" did not end within " + INSTALL_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                skip("\"" + text + "\" failed, see " + output);
            }
        } catch (IOException e) {
            skip("\"" + text + "\" cannot be run: " + e.getMessage());
        }
    }

    private static void skip(String reason) {
        System.out.println("Skipped node-resque: " + reason);
        abort(reason);
    }

    /** A process with so many workers and a scheduler. */
    ChaosProcess start(Scene scene, String name, int workers) {
        try {
            Path folder = Files.createDirectories(scene.folder());
            List<String> command = List.of(
                    "node",
                    home.resolve(SCRIPT).toString(),
                    Integer.toString(scene.proxy.port()),
                    Integer.toString(workers),
                    Work.QUEUE);
            ChaosProcess process = ChaosProcess.run(name, folder, command, scene.environment(name), "ready");
            scene.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
