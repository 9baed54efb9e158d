package io.covey.cluster.rpc.connections;

import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import io.covey.cluster.spi.Names;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

final class HeldConnection implements Connection {
    private final Cluster cluster;
    private final Holder holder;
    private final String id;
    private final Verbs verbs;
    private final ReentrantLock lock = new ReentrantLock();
    private Registration registration = () -> {};
    private volatile Map<String, String> metadata;
    private volatile boolean closed;

    HeldConnection(Cluster cluster, Holder holder, String id, Map<String, String> metadata, Verbs verbs) {
        this.cluster = cluster;
        this.holder = holder;
        this.id = id;
        this.metadata = Map.copyOf(metadata);
        this.verbs = verbs;
    }

    /** Writes the row, or writes it again: the end of an earlier registration does not remove it. */
    void hold() {
        update(metadata);
    }

    Verbs verbs() {
        return verbs;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public void update(Map<String, String> now) {
        Map<String, String> copy = Map.copyOf(now);
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("Connection \"" + Names.printable(id) + "\" is closed");
            }
            registration = cluster.owners().hold(ConnectionNode.KIND, id, copy);
            metadata = copy;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                holder.closed(this);
                registration.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
