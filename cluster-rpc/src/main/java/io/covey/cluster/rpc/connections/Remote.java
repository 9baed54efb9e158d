package io.covey.cluster.rpc.connections;

import com.google.protobuf.UnsafeByteOperations;
import io.covey.cluster.Cluster;
import io.covey.cluster.Codec;
import io.covey.cluster.Node;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Reply;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.rpc.wire.ConnectionAnswer;
import io.covey.cluster.rpc.wire.ConnectionAnswer.Code;
import io.covey.cluster.rpc.wire.ConnectionCall;
import io.covey.cluster.spi.Names;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The way to connections wherever they are. */
final class Remote {
    private static final Procedure<byte[], byte[]> MESSAGE = Procedure.of(Verbs.SEND, byte[].class, byte[].class);

    private final Cluster cluster;
    private final Supplier<Rpc> calls;
    private final Sending sending = new Sending(MESSAGE.timeout(), System::nanoTime);

    Remote(Cluster cluster, Supplier<Rpc> calls) {
        this.cluster = cluster;
        this.calls = calls;
    }

    <Q, R> CompletableFuture<R> apply(String id, Procedure<Q, R> verb, Q argument) {
        ConnectionCall call = ConnectionCall.newBuilder()
                .setConnection(id)
                .setVerb(verb.name())
                .setArgument(
                        UnsafeByteOperations.unsafeWrap(verb.argument(cluster).encode(argument)))
                .build();
        long deadline = System.nanoTime() + verb.timeout().toNanos();
        Procedure<ConnectionCall, ConnectionAnswer> procedure = ConnectionNode.APPLY.within(verb.timeout());
        Codec<R> codec = verb.result(cluster);
        Rpc rpc = calls.get();
        return rpc.call(Target.owner(ConnectionNode.KIND, id), procedure, call)
                .thenCompose(reply -> {
                    if (reply.value().getCode() != Code.NO_CONNECTION) {
                        return CompletableFuture.completedFuture(reply);
                    }
                    // It was closed, or has moved since we asked where it is; it did nothing yet.
                    return rpc.call(Target.owner(ConnectionNode.KIND, id), procedure.within(until(deadline)), call);
                })
                .thenApply(reply -> result(id, verb.name(), codec, reply));
    }

    <M> CompletableFuture<Void> send(String id, M message) {
        @SuppressWarnings("unchecked")
        Class<M> type = (Class<M>) message.getClass();
        Procedure<M, byte[]> verb = Procedure.of(Verbs.SEND, type, byte[].class);
        return sending.add(id, left -> apply(id, verb.within(atLeastOne(left)), message));
    }

    private static Duration until(long deadline) {
        return atLeastOne(Duration.ofNanos(deadline - System.nanoTime()));
    }

    /** As a procedure wants it. */
    private static Duration atLeastOne(Duration left) {
        return left.toMillis() < 1 ? Duration.ofMillis(1) : left;
    }

    private static <R> R result(String id, String verb, Codec<R> codec, Reply<ConnectionAnswer> reply) {
        ConnectionAnswer answer = reply.value();
        if (answer.getCode() != Code.DONE) {
            throw refused(where(id, verb, reply.from()), answer);
        }
        try {
            return codec.decode(answer.getResult().toByteArray());
        } catch (RuntimeException e) {
            throw new RpcException(Reason.FAILED, where(id, verb, reply.from()) + ": its answer: " + e.getMessage());
        }
    }

    private static String where(String id, String verb, Node node) {
        return "connection \"" + Names.printable(id) + "\" on " + node.name() + " (" + node.id() + "): " + verb;
    }

    private static RpcException refused(String where, ConnectionAnswer answer) {
        String why = where + ": " + answer.getMessage();
        return switch (answer.getCode()) {
            case NO_CONNECTION -> new RpcException(Reason.NO_NODE, why + "; nothing was done");
            case UNKNOWN_VERB -> new RpcException(Reason.UNKNOWN_PROCEDURE, why);
            case BUSY -> new RpcException(Reason.BUSY, why);
            case BAD_ARGUMENT -> new RpcException(Reason.BAD_ARGUMENT, why);
            default -> new RpcException(Reason.FAILED, where + ": its answer is not of this version");
        };
    }
}
