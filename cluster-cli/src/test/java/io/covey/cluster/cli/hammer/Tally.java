package io.covey.cluster.cli.hammer;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** How many increments one process tried, and how many of them were confirmed or refused; it outlives the process. */
final class Tally {
    private static final String SUFFIX = ".tally";
    private static final int TRIED = 0;
    private static final int DONE = 8;
    private static final int REFUSED = 16;
    private static final int BYTES = 24;

    private final MappedByteBuffer counts;

    private Tally(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            counts = file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
        }
    }

    static Tally of(Path folder, String process) throws IOException {
        return new Tally(folder.resolve(process + SUFFIX));
    }

    /** Those of all processes, summed. */
    static Sum sum(Path folder) throws IOException {
        long tried = 0;
        long done = 0;
        long refused = 0;
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> tallies =
                    files.filter(file -> file.toString().endsWith(SUFFIX)).toList();
            for (Path path : tallies) {
                Tally tally = new Tally(path);
                tried += tally.counts.getLong(TRIED);
                done += tally.counts.getLong(DONE);
                refused += tally.counts.getLong(REFUSED);
            }
        }
        return new Sum(done, refused, tried - done - refused);
    }

    /** Before it is known what becomes of it. */
    void tried() {
        add(TRIED);
    }

    void ended(boolean done) {
        add(done ? DONE : REFUSED);
    }

    private void add(int index) {
        counts.putLong(index, counts.getLong(index) + 1);
    }

    /**
     * What became of all increments.
     *
     * @param done confirmed
     * @param refused somebody was faster
     * @param unconfirmed failed, or cut off by the end of the process
     */
    record Sum(long done, long refused, long unconfirmed) {

        /** Whether a value is what they may have left. */
        boolean explains(long value) {
            return done <= value && value <= done + unconfirmed;
        }
    }
}
