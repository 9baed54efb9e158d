package io.covey.cluster.supervisor;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Files in folders where others may write as well, such as /tmp: nobody else's file is opened, and no link is followed. */
final class SafeFiles {
    private static final String POSIX = "unix";

    private SafeFiles() {}

    /** @throws IllegalArgumentException if the path climbs, or names no file */
    static void requirePlainPath(String what, Path path) {
        for (Path part : path) {
            if (part.toString().equals("..")) {
                throw new IllegalArgumentException(
                        "the " + what + " " + path + " has \"..\" in its path: name it without");
            }
        }
        if (path.getFileName() == null || path.toString().chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the " + what + " must be a file, was \"" + path + "\"");
        }
    }

    /**
     * What the system knows of a file that is to be this user's own.
     *
     * @return null if there is none
     * @throws IllegalStateException if it is a link, no regular file, somebody else's, or has a second name
     */
    static @Nullable BasicFileAttributes own(String what, Path path) throws IOException {
        BasicFileAttributes file;
        try {
            file = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
        if (file.isSymbolicLink()) {
            throw refused(what, path, "a symbolic link, which is not followed");
        }
        if (!file.isRegularFile()) {
            throw refused(what, path, "no regular file");
        }
        if (isPosix(path)) {
            Map<String, Object> more = Files.readAttributes(path, "unix:uid,nlink", LinkOption.NOFOLLOW_LINKS);
            if (((Number) more.get("nlink")).intValue() > 1) {
                throw refused(what, path, "a file that has another name as well");
            }
            Object self = Files.getAttribute(Path.of("/proc/self").toRealPath(), "unix:uid");
            if (!more.get("uid").equals(self)) {
                throw refused(what, path, "a file of somebody else (user " + more.get("uid") + ")");
            }
        }
        return file;
    }

    private static IllegalStateException refused(String what, Path path, String why) {
        return new IllegalStateException("The " + what + " " + path + " is " + why + "; name another one or remove it");
    }

    /** The owner of a process is asked for in /proc, so that it takes Linux. */
    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains(POSIX)
                && Files.exists(Path.of("/proc/self"));
    }

    static FileAttribute<?>[] readableByAll(Path path) {
        return permissions(path, "rw-r--r--");
    }

    static FileAttribute<?>[] readableByGroup(Path path) {
        return permissions(path, "rw-r-----");
    }

    static FileAttribute<?>[] folderOfOwner(Path path) {
        return permissions(path, "rwx------");
    }

    private static FileAttribute<?>[] permissions(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    static String reason(IOException thrown) {
        if (thrown instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        return thrown.toString();
    }
}
