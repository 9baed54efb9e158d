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

/** The connections that this node holds, and what others have them do. */
final class Holder {
    private final Cluster cluster;
    private final Map<String, HeldConnection> open = new ConcurrentHashMap<>();

    Holder(Cluster cluster) {
        this.cluster = cluster;
    }

    Connection open(String id, Map<String, String> metadata, Verbs verbs) {
        HeldConnection connection = new HeldConnection(cluster, this, id, metadata, verbs);
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
        return connection;
    }

    void closed(HeldConnection connection) {
        open.remove(connection.id(), connection);
    }

    ConnectionAnswer apply(ConnectionCall call) throws Exception {
        HeldConnection connection = open.get(call.getConnection());
        if (connection == null) {
            return refuse(Code.NO_CONNECTION, "it is not here any more");
        }
        Optional<Verb<?, ?>> verb = connection.verbs().find(call.getVerb());
        return verb.isEmpty()
                ? refuse(Code.UNKNOWN_VERB, "it has no verb " + Names.printable(call.getVerb()))
                : apply(connection, verb.get(), call);
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
