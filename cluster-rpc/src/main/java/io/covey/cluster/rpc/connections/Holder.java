package io.covey.cluster.rpc.connections;

import com.google.protobuf.UnsafeByteOperations;
import io.covey.cluster.Cluster;
import io.covey.cluster.rpc.connections.Verbs.Verb;
import io.covey.cluster.rpc.wire.ConnectionAnswer;
import io.covey.cluster.rpc.wire.ConnectionAnswer.Code;
import io.covey.cluster.rpc.wire.ConnectionCall;
import io.covey.cluster.spi.Names;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** The connections that this node holds, and what others have them do. */
final class Holder {
    private final Cluster cluster;
    private final BiConsumer<String, String> takenFrom;
    private final Map<String, HeldConnection> open = new ConcurrentHashMap<>();
    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(64).toArray(ReentrantLock[]::new);

    /**
     * @param takenFrom tells a node that a connection is another's now
     */
    Holder(Cluster cluster, BiConsumer<String, String> takenFrom) {
        this.cluster = cluster;
        this.takenFrom = takenFrom;
    }

    Connection open(String id, Map<String, String> metadata, Verbs verbs) {
        ReentrantLock lock = locks[Math.floorMod(id.hashCode(), locks.length)];
        HeldConnection connection = new HeldConnection(cluster, this, id, metadata, verbs, lock);
        // One after the other: the end of the older one must not remove the row of the newer one.
        lock.lock();
        try {
            // Before others can find it: the first call must not be told that it is not here.
            HeldConnection before = open.put(id, connection);
            try {
                connection.hold();
            } catch (RuntimeException e) {
                if (before == null) {
                    open.remove(id, connection);
                } else {
                    open.replace(id, connection, before);
                }
                throw e;
            }
            if (before != null) {
                before.close();
            }
        } finally {
            lock.unlock();
        }
        return connection;
    }

    /** A connection was taken from another node: whatever comes of it, that learns it by itself with its next update. */
    void taken(String id, String node) {
        takenFrom.accept(id, node);
    }

    /** Another node says that it has taken over a connection. */
    void look(String id) {
        HeldConnection connection = open.get(id);
        if (connection != null) {
            connection.look();
        }
    }

    void closed(HeldConnection connection) {
        open.remove(connection.id(), connection);
    }

    ConnectionAnswer apply(ConnectionCall call, String caller) throws Exception {
        HeldConnection connection = open.get(call.getConnection());
        if (connection == null) {
            return refuse(Code.NO_CONNECTION, "it is not here any more");
        }
        Optional<Verb<?, ?>> verb = connection.verbs().find(call.getVerb());
        if (verb.isEmpty()) {
            return refuse(Code.UNKNOWN_VERB, "it has no verb " + Names.printable(call.getVerb()));
        }
        if (!call.getVerb().equals(Verbs.SEND)) {
            return apply(connection, verb.get(), call);
        }
        // A message whose sender has stopped waiting must not be overtaken by the next one.
        if (!connection.beginMessage(caller)) {
            return refuse(Code.BUSY, "the message before is not taken yet; this one was not sent");
        }
        try {
            return apply(connection, verb.get(), call);
        } finally {
            connection.endMessage(caller);
        }
    }

    private <Q, R> ConnectionAnswer apply(Connection connection, Verb<Q, R> verb, ConnectionCall call)
            throws Exception {
        Q argument;
        try {
            argument = verb.type().argument(cluster).decode(call.getArgument().toByteArray());
        } catch (RuntimeException e) {
            return refuse(Code.BAD_ARGUMENT, String.valueOf(e.getMessage()));
        }
        R result = verb.handler().apply(connection, argument);
        if (result == null) {
            throw new IllegalStateException("verb " + verb.type().name() + " answered null");
        }
        return ConnectionAnswer.newBuilder()
                .setCode(Code.DONE)
                .setResult(UnsafeByteOperations.unsafeWrap(
                        verb.type().result(cluster).encode(result)))
                .build();
    }

    private static ConnectionAnswer refuse(Code code, String message) {
        return ConnectionAnswer.newBuilder().setCode(code).setMessage(message).build();
    }
}
