package io.covey.cluster.core.cache;

import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Timed;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes the entries of a cache to a file, in batches that shrink where entries are large. */
final class Dump {
    private static final int BUFFER = 1 << 16;
    private static final int LARGEST_BATCH = 128;
    private static final int BATCH_BYTES = 4 << 20;

    private final Shelf<?> shelf;

    Dump(Shelf<?> shelf) {
        this.shelf = shelf;
    }

    /** The file appears when it is complete and on disk. */
    long write(Path file) {
        Path target = file.toAbsolutePath();
        try {
            Path unfinished = Files.createTempFile(target.getParent(), target.getFileName() + ".", ".part");
            try {
                long count;
                try (FileOutputStream out = new FileOutputStream(unfinished.toFile())) {
                    BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER);
                    count = writeAll(new DumpFile.Writer(buffered, shelf.form().name()));
                    buffered.flush();
                    out.getFD().sync();
                }
                Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return count;
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cache " + shelf.form().name() + " is not dumped: " + file + " cannot be written (" + e + ")", e);
        }
    }

    private long writeAll(DumpFile.Writer writer) throws IOException {
        Iterator<String> slots = shelf.stored("").iterator();
        int size = 1;
        while (slots.hasNext()) {
            List<String> batch = new ArrayList<>(size);
            while (batch.size() < size && slots.hasNext()) {
                batch.add(slots.next());
            }
            size = next(size, write(batch, writer));
        }
        return writer.end();
    }

    /** As many as of the largest seen last fit, and at most twice as many as before. */
    private static int next(int size, int largest) {
        return Math.max(1, Math.min(Math.min(LARGEST_BATCH, 2 * size), BATCH_BYTES / Math.max(1, largest)));
    }

    private int write(List<String> batch, DumpFile.Writer writer) throws IOException {
        Map<String, Timed> found = shelf.node()
                .await(
                        () -> shelf.store().getAllTimed(batch),
                        () -> "dump cache " + shelf.form().name());
        long now = shelf.node().clock().instant().toEpochMilli();
        int largest = 0;
        for (Map.Entry<String, Timed> entry : found.entrySet()) {
            byte[] cell = entry.getValue().entry().value();
            long expires = entry.getValue().expiry() instanceof Expiry.After after
                    ? now + after.ttl().toMillis()
                    : 0;
            writer.write(new DumpFile.Record(shelf.form().key(entry.getKey()), expires, cell));
            largest = Math.max(largest, cell.length);
        }
        return largest;
    }
}
