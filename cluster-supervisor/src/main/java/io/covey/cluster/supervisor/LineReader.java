package io.covey.cluster.supervisor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** Cuts what a process prints into lines, to its very end. */
final class LineReader implements Runnable {
    static final int LONGEST = 64 * 1024;
    private static final int BUFFER = 8 * 1024;

    private final InputStream stream;
    private final Consumer<byte[]> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    LineReader(InputStream stream, Consumer<byte[]> lines) {
        this.stream = stream;
        this.lines = lines;
    }

    @Override
    public void run() {
        byte[] buffer = new byte[BUFFER];
        try (stream) {
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                take(buffer, count);
            }
        } catch (IOException e) {
            // The process has ended, and so has its stream.
        }
        if (line.size() > 0) {
            end();
        }
    }

    private void take(byte[] buffer, int count) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (buffer[i] == '\n') {
                line.write(buffer, from, i - from);
                end();
                from = i + 1;
            } else if (line.size() + i - from + 1 >= LONGEST) {
                line.write(buffer, from, i - from + 1);
                end();
                from = i + 1;
            }
        }
        line.write(buffer, from, count - from);
    }

    private void end() {
        byte[] whole = line.toByteArray();
        line.reset();
        int length = whole.length;
        if (length > 0 && whole[length - 1] == '\r') {
            whole = java.util.Arrays.copyOf(whole, length - 1);
        }
        lines.accept(whole);
    }
}
