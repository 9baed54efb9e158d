package io.covey.cluster.rpc.connections;

import io.covey.cluster.Cluster;
import io.covey.cluster.Owners;
import io.covey.cluster.Registration;
import io.covey.cluster.spi.Names;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

final class HeldConnection implements Connection {
    private final Cluster cluster;
    private final Holder holder;
    private final String id;
    private final Verbs verbs;
    private final ReentrantLock lock;
    /** The nodes of which a message is being taken. */
    private final Set<String> senders = ConcurrentHashMap.newKeySet();

    private Registration registration = () -> {};
    private volatile Map<String, String> metadata;
    private volatile boolean closed;

    /**
     * @param lock that of all connections of this id
     */
    HeldConnection(
            Cluster cluster, Holder holder, String id, Map<String, String> metadata, Verbs verbs, ReentrantLock lock) {
        this.lock = lock;
        this.cluster = cluster;
        this.holder = holder;
        this.id = id;
        this.metadata = Map.copyOf(metadata);
        this.verbs = verbs;
    }

    /** Writes the row, or writes it again: the end of an earlier registration does not remove it. */
    void hold() {
        hold(metadata);
    }

    private void hold(Map<String, String> now) {
        Owners.Hold hold = cluster.owners().hold(ConnectionNode.KIND, id, now);
        registration = hold;
        metadata = now;
        hold.takenFrom().ifPresent(node -> holder.taken(id, node));
    }

    /** Ends it if another node holds it now. */
    void look() {
        lock.lock();
        try {
            Optional<Owners.Owned> held = cluster.owners().look(ConnectionNode.KIND, id);
            if (held.isPresent() && !held.get().node().equals(cluster.self())) {
                close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** False if one of the same sender is being taken. */
    boolean beginMessage(String sender) {
        return senders.add(sender);
    }

    void endMessage(String sender) {
        senders.remove(sender);
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
            if (!closed) {
                look();
            }
            if (closed) {
                throw new IllegalStateException("Connection \"" + Names.printable(id) + "\" is closed");
            }
            hold(copy);
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
