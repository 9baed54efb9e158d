package io.covey.cluster.redis.driver;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A second line to the same server, made when it is first wanted. Until it is up, and while it is down, the first one serves. */
final class SideLine implements AutoCloseable {
    private final Io io;
    private final Line.Target target;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Line line;
    private boolean closed;

    SideLine(Io io, Line.Target target) {
        this.io = io;
        this.target = target;
    }

    Line or(Line first) {
        Line own = line;
        if (own == null) {
            own = start();
        }
        return own != null && own.up() ? own : first;
    }

    private @Nullable Line start() {
        lock.lock();
        try {
            if (line == null && !closed) {
                line = new Line(io, target, Line.Events.NONE).start();
            }
            return line;
        } finally {
            lock.unlock();
        }
    }

    void reconnect(String why) {
        Line own = line;
        if (own != null) {
            own.reconnect(why);
        }
    }

    @Override
    public void close() {
        Line own;
        lock.lock();
        try {
            closed = true;
            own = line;
        } finally {
            lock.unlock();
        }
        if (own != null) {
            own.close();
        }
    }
}
