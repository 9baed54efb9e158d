package io.covey.cluster.cli.hammer;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What one process held: when a method returns, its line is in the file, whatever happens to the process. */
final class HoldingsFile {
    static final String HELD = "H";
    static final String PROVED = "P";

    private final FileOutputStream file;

    HoldingsFile(Path path) throws IOException {
        file = new FileOutputStream(path.toFile(), true);
    }

    void held(int number, long fence, long began, long from) {
        write(HELD + " " + number + " " + fence + " " + began + " " + from);
    }

    void proved(int number, long at) {
        write(PROVED + " " + number + " " + at);
    }

    private void write(String line) {
        try {
            file.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
