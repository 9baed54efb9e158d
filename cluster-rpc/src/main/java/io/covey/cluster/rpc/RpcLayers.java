package io.covey.cluster.rpc;

import io.covey.cluster.Registration;
import io.covey.cluster.rpc.RpcMiddleware.OutgoingCall;
import io.covey.cluster.rpc.RpcMiddleware.Rest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** What is done around the calls of a node, the first outside. */
final class RpcLayers {
    private final ReentrantLock changing = new ReentrantLock();
    private volatile List<Layer> layers = List.of();

    Registration add(RpcMiddleware middleware) {
        Layer layer = new Layer(middleware);
        changing.lock();
        try {
            List<Layer> more = new ArrayList<>(layers);
            more.add(layer);
            layers = List.copyOf(more);
        } finally {
            changing.unlock();
        }
        return () -> remove(layer);
    }

    private void remove(Layer layer) {
        changing.lock();
        try {
            List<Layer> fewer = new ArrayList<>(layers);
            fewer.remove(layer);
            layers = List.copyOf(fewer);
        } finally {
            changing.unlock();
        }
    }

    <T> CompletableFuture<T> call(
            Target target,
            Procedure<?, ?> procedure,
            Map<String, String> headers,
            Function<Map<String, String>, CompletableFuture<T>> send) {
        List<Layer> now = layers;
        return now.isEmpty() ? send.apply(headers) : call(now, 0, target, procedure.name(), headers, send);
    }

    private static <T> CompletableFuture<T> call(
            List<Layer> layers,
            int layer,
            Target target,
            String procedure,
            Map<String, String> headers,
            Function<Map<String, String>, CompletableFuture<T>> send) {
        if (layer == layers.size()) {
            return send.apply(Headers.checked(headers));
        }
        return layers.get(layer)
                .middleware
                .call(
                        new OutgoingCall(target, procedure, headers),
                        changed -> call(layers, layer + 1, target, procedure, changed, send));
    }

    <R> CompletionStage<R> serve(CallContext call, Rest<R> handler) throws Exception {
        List<Layer> now = layers;
        return now.isEmpty() ? handler.run() : serve(now, 0, call, handler);
    }

    private static <R> CompletionStage<R> serve(List<Layer> layers, int layer, CallContext call, Rest<R> handler)
            throws Exception {
        return layer == layers.size()
                ? handler.run()
                : layers.get(layer).middleware.serve(call, () -> serve(layers, layer + 1, call, handler));
    }

    /** Compared by identity: the same middleware may be added twice. */
    private static final class Layer {
        private final RpcMiddleware middleware;

        Layer(RpcMiddleware middleware) {
            this.middleware = Objects.requireNonNull(middleware, "middleware");
        }
    }
}
