package io.covey.cluster.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * For how long a process has not touched its file. Counted in the supervisor's own looks: what it did not look at, because it
 * stood still itself, is nobody's silence.
 */
final class Pulse {
    private final Path file;
    private final long mostBetweenLooks;
    private @Nullable FileTime seen;
    private long silent;
    private long lookedAt;

    Pulse(Path file, long mostBetweenLooks, long now) {
        this.file = file;
        this.mostBetweenLooks = mostBetweenLooks;
        this.lookedAt = now;
    }

    /** How long it has been silent, in nanoseconds; 0 for one that never gave a sign. */
    long silentAt(long now) {
        long step = Math.min(now - lookedAt, mostBetweenLooks);
        lookedAt = now;
        FileTime touched;
        try {
            touched = Files.getLastModifiedTime(file);
        } catch (IOException e) {
            // Not there yet; or taken away, which is a silence as well.
            touched = seen;
        }
        if (touched == null) {
            return 0;
        }
        if (!touched.equals(seen)) {
            seen = touched;
            silent = 0;
        } else {
            silent += step;
        }
        return silent;
    }
}
