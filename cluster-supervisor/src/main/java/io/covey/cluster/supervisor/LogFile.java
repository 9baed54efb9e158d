package io.covey.cluster.supervisor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file that makes room when it is full: {@code FILE} becomes {@code FILE.1}, that one {@code FILE.2}, and so on. It is cut
 * between two writes, so that what was written in one piece stays in one file. Thread-safe.
 */
public final class LogFile extends OutputStream {
    private final Path path;
    private final long most;
    private final int keep;
    private final ReentrantLock lock = new ReentrantLock();
    private FileChannel channel;
    private long size;
    private boolean closed;

    /**
     * Opens a file to write behind what is in it.
     *
     * @param path where; its name must not be a link, and there must be no {@code ..} in the path
     * @param most after how many bytes it makes room, at least 1,000
     * @param keep how many full ones stay, 0 to 1,000
     * @throws IllegalArgumentException if a value is out of its limits
     * @throws IllegalStateException if the file is a link, no regular file, or somebody else's
     * @throws IOException if it cannot be opened
     */
    public LogFile(Path path, long most, int keep) throws IOException {
        SafeFiles.requirePlainPath("log file", path);
        if (most < 1000) {
            throw new IllegalArgumentException("a log file has at least 1000 bytes, was " + most);
        }
        this.path = path;
        this.most = most;
        this.keep = Limits.within("the number of full log files", keep, 0, 1000);
        channel = openChannel();
        size = channel.size();
    }

    private FileChannel openChannel() throws IOException {
        SafeFiles.own("log file", path);
        return FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS),
                SafeFiles.readableByGroup(path));
    }

    @Override
    public void write(int each) throws IOException {
        write(new byte[] {(byte) each}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            if (!channel.isOpen()) {
                // It made room and could not be opened: to make room again would cost a full one each time.
                reopen();
            } else if (size > 0 && size + length > most) {
                makeRoom();
            }
            ByteBuffer all = ByteBuffer.wrap(bytes, offset, length);
            while (all.hasRemaining()) {
                channel.write(all);
            }
            size += length;
        } finally {
            lock.unlock();
        }
    }

    private void makeRoom() throws IOException {
        channel.close();
        if (keep == 0) {
            Files.deleteIfExists(path);
        }
        for (int number = keep; number > 0; number--) {
            Path from = number == 1 ? path : full(number - 1);
            if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
                // A rename: whatever had the name is replaced, and not written to.
                Files.move(from, full(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        reopen();
    }

    private void reopen() throws IOException {
        try {
            channel = openChannel();
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
        size = channel.size();
    }

    private Path full(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            channel.close();
        } finally {
            lock.unlock();
        }
    }
}
