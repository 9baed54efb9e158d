package io.covey.cluster.redis.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the end of the JVM has to clear away: servers that nobody closed and temporary directories. */
final class Leftovers {
    private static final Set<Process> PROCESSES = ConcurrentHashMap.newKeySet();
    private static final Set<Path> DIRECTORIES = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Leftovers::clear, "covey-embedded-shutdown"));
    }

    private Leftovers() {}

    static void add(Process process) {
        PROCESSES.add(process);
        process.onExit().thenAccept(PROCESSES::remove);
    }

    static void add(Path directory) {
        DIRECTORIES.add(directory);
    }

    static void delete(Path directory) throws IOException {
        deleteTree(directory);
        DIRECTORIES.remove(directory);
    }

    private static void clear() {
        PROCESSES.forEach(Process::destroyForcibly);
        PROCESSES.forEach(process -> process.onExit().join());
        for (Path directory : DIRECTORIES) {
            try {
                deleteTree(directory);
            } catch (IOException e) {
                // The JVM is ending: what cannot be deleted now stays in the system's temporary directory.
            }
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
