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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The way to connections wherever they are. */
final class Remote {
    private final Cluster cluster;
    private final Rpc rpc;
    /** The last message to each connection that is not taken yet. */
    private final Map<String, CompletableFuture<?>> sending = new ConcurrentHashMap<>();

    Remote(Cluster cluster, Rpc rpc) {
        this.cluster = cluster;
        this.rpc = rpc;
    }

    <Q, R> CompletableFuture<R> apply(String id, Procedure<Q, R> verb, Q argument) {
        ConnectionCall call = ConnectionCall.newBuilder()
                .setConnection(id)
                .setVerb(verb.name())
                .setArgument(
                        UnsafeByteOperations.unsafeWrap(verb.argument(cluster).encode(argument)))
                .build();
        Procedure<ConnectionCall, ConnectionAnswer> procedure = ConnectionNode.APPLY.within(verb.timeout());
        Codec<R> codec = verb.result(cluster);
        return rpc.call(Target.owner(ConnectionNode.KIND, id), procedure, call)
                .thenCompose(reply -> {
                    if (reply.value().getCode() != Code.NO_CONNECTION) {
                        return CompletableFuture.completedFuture(reply);
                    }
                    // It was closed, or has moved since we asked where it is; it did nothing yet.
                    return rpc.call(Target.owner(ConnectionNode.KIND, id), procedure, call);
                })
                .thenApply(reply -> result(id, verb.name(), codec, reply));
    }

    <M> CompletableFuture<Void> send(String id, M message) {
        @SuppressWarnings("unchecked")
        Class<M> type = (Class<M>) message.getClass();
        Procedure<M, byte[]> verb = Procedure.of(Verbs.SEND, type, byte[].class);
        CompletableFuture<Void> sent = new CompletableFuture<>();
        sending.compute(id, (same, before) -> {
            CompletableFuture<?> free = before == null ? CompletableFuture.completedFuture(null) : before;
            CompletableFuture<byte[]> next =
                    free.handle((done, thrown) -> thrown).thenCompose(thrown -> apply(id, verb, message));
            next.whenComplete((done, thrown) -> {
                if (thrown == null) {
                    sent.complete(null);
                } else {
                    sent.completeExceptionally(io.covey.cluster.spi.Await.unwrap(thrown));
                }
            });
            return next;
        });
        CompletableFuture<?> last = sending.get(id);
        if (last != null) {
            last.whenComplete((done, thrown) -> sending.remove(id, last));
        }
        return sent;
    }

    private static <R> R result(String id, String verb, Codec<R> codec, Reply<ConnectionAnswer> reply) {
        ConnectionAnswer answer = reply.value();
        Node node = reply.from();
        String where = "connection \"" + Names.printable(id) + "\" on " + node.name() + " (" + node.id() + "): ";
        String why = where + verb + ": " + answer.getMessage();
        return switch (answer.getCode()) {
            case DONE -> decode(where + verb, codec, answer.getResult().toByteArray());
            case NO_CONNECTION -> throw new RpcException(Reason.NO_NODE, why + "; nothing was done");
            case UNKNOWN_VERB -> throw new RpcException(Reason.UNKNOWN_PROCEDURE, why);
            case BAD_ARGUMENT -> throw new RpcException(Reason.BAD_ARGUMENT, why);
            default -> throw new RpcException(Reason.FAILED, where + verb + ": its answer is not of this version");
        };
    }

    private static <R> R decode(String where, Codec<R> codec, byte[] bytes) {
        try {
            return codec.decode(bytes);
        } catch (RuntimeException e) {
            throw new RpcException(Reason.FAILED, where + ": its answer: " + e.getMessage());
        }
    }
}
