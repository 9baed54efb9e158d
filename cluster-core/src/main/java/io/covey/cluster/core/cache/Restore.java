package io.covey.cluster.core.cache;

import io.covey.cluster.CodecException;
import io.covey.cluster.spi.CacheStore.Expiry;
import io.covey.cluster.spi.CacheStore.Match;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Writes the entries of a dump into a cache, after a first look at the whole file that writes nothing. */
final class Restore {
    private static final int BUFFER = 1 << 16;
    private static final int LARGEST_BATCH = 256;
    private static final int BATCH_BYTES = 4 << 20;
    private static final Match ANY = new Match.Any();

    private final Shelf<?> shelf;
    private final List<DumpFile.Record> batch = new ArrayList<>();
    private int batchBytes;
    private long written;

    Restore(Shelf<?> shelf) {
        this.shelf = shelf;
    }

    long read(Path file) {
        // One channel for both looks: a file that takes this one's name in between is another.
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            DumpFile.Reader check = reader(channel);
            for (Optional<DumpFile.Record> record = check.next(); record.isPresent(); record = check.next()) {
                CacheRules.key(shelf.form().name(), record.get().key());
            }
            DumpFile.Reader reader = reader(channel);
            for (Optional<DumpFile.Record> record = reader.next(); record.isPresent(); record = reader.next()) {
                add(record.get());
            }
            flush();
            return written;
        } catch (DumpFile.DamagedException | IllegalArgumentException e) {
            throw new CodecException(
                    "Cache " + shelf.form().name() + ": " + file + " is refused: " + e.getMessage()
                            + (written == 0
                                    ? "; nothing was written"
                                    : "; it changed while it was read, " + written + " entries were written"),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cache " + shelf.form().name() + ": " + file + " cannot be read (" + e + "); " + written
                            + " entries were written",
                    e);
        }
    }

    private DumpFile.Reader reader(FileChannel channel) throws IOException {
        channel.position(0);
        return new DumpFile.Reader(
                new BufferedInputStream(Channels.newInputStream(channel), BUFFER),
                shelf.form().name(),
                Cell.longest(shelf.form().maxValueBytes()));
    }

    private void add(DumpFile.Record record) {
        batch.add(record);
        batchBytes += record.cell().length;
        if (batch.size() == LARGEST_BATCH || batchBytes >= BATCH_BYTES) {
            flush();
        }
    }

    private void flush() {
        List<CompletionStage<Boolean>> puts = new ArrayList<>(batch.size());
        long now = shelf.node().clock().instant().toEpochMilli();
        shelf.node().life().ensureOpen();
        for (DumpFile.Record record : batch) {
            if (record.expires() == 0 || record.expires() > now) {
                Expiry expiry = record.expires() == 0
                        ? new Expiry.Never()
                        : new Expiry.After(Duration.ofMillis(record.expires() - now));
                puts.add(shelf.put(shelf.form().slot(record.key()), record.key(), record.cell(), expiry, ANY)
                        .ask()
                        .get());
            }
        }
        for (CompletionStage<Boolean> put : puts) {
            shelf.node().await(() -> put, () -> "load cache " + shelf.form().name());
            written++;
        }
        batch.clear();
        batchBytes = 0;
    }
}
