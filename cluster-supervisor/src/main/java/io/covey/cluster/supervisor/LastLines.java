package io.covey.cluster.supervisor;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** What a process printed last, fit to be shown. Thread-safe. */
final class LastLines {
    private static final int MOST = 10;
    private static final int LONGEST = 500;

    private final Deque<String> lines = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();

    void add(byte[] line) {
        String text = new String(line, 0, Math.min(line.length, LONGEST), StandardCharsets.UTF_8);
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints()
                .forEach(point -> plain.appendCodePoint(
                        Character.isISOControl(point) || Character.getType(point) == Character.FORMAT ? ' ' : point));
        lock.lock();
        try {
            if (lines.size() == MOST) {
                lines.removeFirst();
            }
            lines.addLast(plain.toString());
        } finally {
            lock.unlock();
        }
    }

    List<String> list() {
        lock.lock();
        try {
            return List.copyOf(lines);
        } finally {
            lock.unlock();
        }
    }
}
