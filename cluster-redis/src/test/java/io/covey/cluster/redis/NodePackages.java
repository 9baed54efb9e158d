package io.covey.cluster.redis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * node-resque and actionhero from npm, installed below {@code target} at the root of the build, once for all modules, and
 * again when the list of packages changes.
 */
final class NodePackages {
    private static final int MOST_MINUTES = 8;
    private static final List<String> FILES = List.of("package.json", "package-lock.json", "fleet.js");
    private static @Nullable String missing;
    private static @Nullable Path folder;

    private NodePackages() {}

    /** Where {@code fleet.js} stands beside the packages; skips the test, with the reason in one line, where there are none. */
    static synchronized Path folder() {
        EveryServer.isNot("tls", "node-resque and actionhero are set up here without TLS");
        if (folder == null && missing == null) {
            try {
                folder = install();
            } catch (UnavailableException e) {
                missing = e.getMessage();
                System.out.println("Skipped the interoperability tests with node-resque and actionhero: " + missing);
            }
        }
        assumeTrue(missing == null, () -> missing);
        return folder;
    }

    private static final class UnavailableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnavailableException(String reason) {
            super(reason);
        }
    }

    private static Path install() throws UnavailableException {
        run("node is missing", Path.of("."), "node", "--version");
        run("npm is missing", Path.of("."), npm(), "--version");
        Path home = Path.of(System.getProperty("covey.test.root", ".")).resolve("target/interop");
        try {
            Files.createDirectories(home);
            try (FileChannel channel = FileChannel.open(
                            home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                boolean changed = !lock.isValid();
                for (String file : FILES) {
                    changed |= copy(file, home) && !file.equals("fleet.js");
                }
                Path done = home.resolve("installed");
                if (changed || !Files.exists(done)) {
                    Files.deleteIfExists(done);
                    run(
                            "npm ci failed",
                            home,
                            npm(),
                            "ci",
                            "--ignore-scripts",
                            "--no-audit",
                            "--no-fund",
                            "--prefer-offline");
                    Files.createFile(done);
                }
            }
            return home.toRealPath();
        } catch (IOException e) {
            throw new UnavailableException("the packages cannot be written to " + home + ": " + e.getMessage());
        }
    }

    private static String npm() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows") ? "npm.cmd" : "npm";
    }

    private static boolean copy(String file, Path home) throws IOException {
        Path target = home.resolve(file);
        try (InputStream in = NodePackages.class.getResourceAsStream("interop/" + file)) {
            byte[] bytes = in.readAllBytes();
            if (Files.exists(target) && Arrays.equals(Files.readAllBytes(target), bytes)) {
                return false;
            }
            Path part = Files.createTempFile(home, file, ".part");
            Files.write(part, bytes);
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            return true;
        }
    }

    private static void run(String what, Path where, String... command) throws UnavailableException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(where.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            List<String> lines;
            try (var reader = process.inputReader()) {
                lines = reader.lines().toList();
            }
            if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new UnavailableException(what + ": it took more than " + MOST_MINUTES + " minutes");
            }
            if (process.exitValue() != 0) {
                throw new UnavailableException(what + ": "
                        + lines.stream()
                                .filter(line -> line.contains("error"))
                                .findFirst()
                                .orElse("exit code " + process.exitValue()));
            }
        } catch (IOException e) {
            throw new UnavailableException(what + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(what + ": interrupted");
        }
    }
}
