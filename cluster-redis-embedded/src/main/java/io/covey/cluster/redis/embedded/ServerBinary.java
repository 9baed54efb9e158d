package io.covey.cluster.redis.embedded;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the server's executable: on the PATH, else the one in the bundle, which is unpacked once per user. */
final class ServerBinary {
    private static final List<String> NAMES = List.of("redis-server", "valkey-server");
    private static final String BUNDLED = "redis-server-7.0.15-";
    private static final ReentrantLock UNPACKING = new ReentrantLock();
    private static @Nullable Path unpacked;

    private ServerBinary() {}

    static Path find() {
        return onPath(System.getenv("PATH")).orElseGet(ServerBinary::bundled);
    }

    static Optional<Path> onPath(@Nullable String path) {
        List<Path> directories = path == null
                ? List.of()
                : Stream.of(path.split(File.pathSeparator))
                        .filter(entry -> !entry.isBlank())
                        .map(Path::of)
                        .toList();
        return NAMES.stream()
                .flatMap(name -> directories.stream().map(directory -> directory.resolve(name)))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    static Path bundled() {
        UNPACKING.lock();
        try {
            Path known = unpacked;
            if (known == null || !Files.isExecutable(known)) {
                known = unpack(bundledName(), cache());
                unpacked = known;
            }
            return known;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unpack the bundled Redis server: " + e.getMessage(), e);
        } finally {
            UNPACKING.unlock();
        }
    }

    /** Several JVMs may do this at once: each writes a file of its own and renames it; the last one wins, all are alike. */
    static Path unpack(String name, Path directory) throws IOException {
        URL resource = ServerBinary.class.getClassLoader().getResource(name);
        if (resource == null) {
            throw new IllegalStateException("No bundled Redis server " + name
                    + " on the class path; put redis-server on the PATH or set COVEY_REDIS_URI to a running server");
        }
        byte[] bytes;
        try (InputStream in = resource.openStream()) {
            bytes = in.readAllBytes();
        }
        Path target = directory.resolve(name);
        if (isExecutableWith(bytes, target)) {
            return target;
        }
        Path part = Files.createTempFile(directory, name, ".part");
        try {
            Files.write(part, bytes);
            if (!part.toFile().setExecutable(true)) {
                throw new IOException("cannot make " + part + " executable");
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
        return target;
    }

    private static boolean isExecutableWith(byte[] bytes, Path file) throws IOException {
        return Files.isExecutable(file)
                && Files.size(file) == bytes.length
                && Arrays.equals(Files.readAllBytes(file), bytes);
    }

    private static Path cache() throws IOException {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path parent = xdg == null || xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        Path cache = parent.resolve("covey");
        try {
            Files.createDirectories(cache);
            if (Files.isWritable(cache)) {
                return cache;
            }
        } catch (IOException e) {
            // A home that cannot be written is no obstacle: this JVM unpacks for itself alone.
        }
        // A fixed name in a directory that all users share could be planted by another one.
        Path own = Files.createTempDirectory("covey-redis-binary-");
        Leftovers.add(own);
        return own;
    }

    private static String bundledName() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return BUNDLED
                + (os.contains("mac") ? "darwin" : os.contains("linux") ? "linux" : os.replace(' ', '-'))
                + "-"
                + switch (arch) {
                    case "x86_64" -> "amd64";
                    case "aarch64" -> "arm64";
                    case "i386", "i686", "x86" -> "386";
                    default -> arch;
                };
    }
}
