package io.covey.cluster.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Standard output in UTF-8, whatever the locale. Shown when it is flushed; ends the command when nobody reads it any more. */
final class StandardOutput extends OutputStream {
    private static final int BUFFER = 16 << 10;

    private final OutputStream out = new FileOutputStream(FileDescriptor.out);

    private StandardOutput() {}

    static PrintWriter open() {
        return new PrintWriter(new BufferedOutputStream(new StandardOutput(), BUFFER), false, StandardCharsets.UTF_8);
    }

    @Override
    public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            throw new NobodyReadsException(e);
        }
    }
}
