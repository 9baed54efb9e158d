package io.covey.cluster.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder into which a scene, its processes and its Redis write: removed if the scene proved what it is for, else kept. */
public final class Evidence {
    private final Path folder;
    private boolean proved;

    /** A folder in that of the system, whose name begins so. */
    public Evidence(String prefix) throws IOException {
        folder = Files.createTempDirectory(prefix);
    }

    public Path folder() {
        return folder;
    }

    /** It is not needed any more. */
    public void proved() {
        proved = true;
    }

    /** To be called when all who write have ended: removes the folder, or says where it is. */
    public void close(String scene) throws IOException {
        if (!proved) {
            System.out.println(
                    scene + " has not shown what it is for; ledgers, logs and Redis' files, if it kept any, are in "
                            + folder);
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
