package io.covey.cluster.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines of UTF-8 in bounded memory: a line that is too long or is no UTF-8 is skipped and said to be bad. */
final class LineReader implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    private final InputStream in;
    private final int longest;
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;

    /**
     * @param longest the most bytes of a line
     */
    LineReader(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /**
     * A line.
     *
     * @param text what it says, empty if it is bad
     * @param bad why it cannot be read; empty if it can
     */
    record Line(String text, String bad) {}

    /** The next line without its end; null at the end. */
    @Nullable
    Line next() throws IOException {
        if (!fill()) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long length = 0;
        boolean ended = false;
        while (!ended && fill()) {
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            length += end - from;
            if (length <= longest) {
                bytes.write(buffer, from, end - from);
            }
            ended = end < to;
            from = ended ? end + 1 : end;
        }
        if (length > longest) {
            return new Line("", "it has " + length + " bytes, the limit is " + longest);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            return new Line(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text, "");
        } catch (CharacterCodingException e) {
            return new Line("", "it is no UTF-8");
        }
    }

    private boolean fill() throws IOException {
        if (from == to) {
            from = 0;
            to = Math.max(0, in.read(buffer));
        }
        return from < to;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
