package io.covey.cluster.cli.chaos;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The side of one process: when a method returns, its line is in the file, whatever happens to the process. */
final class LedgerFile {
    static final String STARTED = "S";
    static final String DONE = "D";

    // No channel: an interrupt would close it.
    private final FileOutputStream file;

    LedgerFile(Path path) throws IOException {
        file = new FileOutputStream(path.toFile(), true);
    }

    void started(int number, long fence) {
        write(STARTED, number, fence);
    }

    void done(int number, long fence) {
        write(DONE, number, fence);
    }

    /** One write of a whole line, which the operating system appends as such. */
    private void write(String what, int number, long fence) {
        String line = what + " " + number + " " + fence + " " + System.currentTimeMillis() + "\n";
        try {
            file.write(line.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
