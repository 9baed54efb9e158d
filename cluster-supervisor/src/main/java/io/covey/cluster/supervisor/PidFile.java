package io.covey.cluster.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process id of the supervisor in a file that is locked as long as it lives, however it dies: a number alone would say
 * nothing once the system has given it to somebody else. The file is opened once only: to close a second descriptor of it
 * would give up the lock.
 */
final class PidFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final int LONGEST = 32;
    private static final int ATTEMPTS = 20;

    private final Path path;
    private final FileChannel channel;

    private PidFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Takes the file.
     *
     * @throws IllegalArgumentException if its path is none to be trusted
     * @throws IllegalStateException if another supervisor has it, or it is none of ours
     * @throws UncheckedIOException if it cannot be written
     */
    static PidFile take(Path path) {
        SafeFiles.requirePlainPath("pid file", path);
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                PidFile taken = attempt(path);
                if (taken != null) {
                    return taken;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The pid file " + path + " cannot be written: " + SafeFiles.reason(e), e);
        }
        throw new IllegalStateException("The pid file " + path + " is replaced again and again by somebody else");
    }

    /** Null if it is to be tried again: the file was made, or its last owner has removed it meanwhile. */
    private static @Nullable PidFile attempt(Path path) throws IOException {
        BasicFileAttributes before = SafeFiles.own("pid file", path);
        if (before == null) {
            try {
                Files.createFile(path, SafeFiles.readableByAll(path));
            } catch (FileAlreadyExistsException e) {
                // By somebody who was faster.
            }
            return null;
        }
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return null;
        }
        try {
            if (!lock(channel)) {
                throw new IllegalStateException("Another supervisor runs already, as process " + read(channel)
                        + ": it holds the pid file " + path);
            }
            // An inode that is open is not used again, so that the same key is the same file.
            BasicFileAttributes after = SafeFiles.own("pid file", path);
            if (after == null || !Objects.equals(before.fileKey(), after.fileKey())) {
                channel.close();
                return null;
            }
            String left = read(channel);
            if (!left.isEmpty()) {
                LOG.info("The pid file {} was left by process {} and is taken over", path, left);
            }
            channel.truncate(0);
            String pid = ProcessHandle.current().pid() + "\n";
            channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
            return new PidFile(path, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // another one in this process
        }
    }

    /** Digits alone are believed. */
    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
        channel.read(bytes, 0);
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
        return text.chars().allMatch(each -> each >= '0' && each <= '9') ? text : "?";
    }

    @Override
    public void close() {
        try {
            // Before the lock is let go, or the file of who comes next would be removed.
            Files.deleteIfExists(path);
            channel.close();
        } catch (IOException e) {
            LOG.warn("The pid file {} stays: {}", path, SafeFiles.reason(e));
        }
    }
}
