package io.covey.cluster.supervisor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that nobody needs any more. */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private Leftovers() {}

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("{} stays", file, e);
        }
    }

    static void deleteFolder(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            files.forEach(Leftovers::delete);
        } catch (IOException e) {
            LOG.debug("{} stays", folder, e);
        }
        delete(folder);
    }
}
