package io.covey.cluster.rpc;

import io.covey.cluster.Registration;
import io.covey.cluster.rpc.RpcMiddleware.OutgoingCall;
import io.covey.cluster.rpc.RpcMiddleware.Rest;
import io.covey.cluster.spi.Layers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What is done around the calls of a node, the first outside. */
final class RpcLayers {
    private final Layers<RpcMiddleware> layers = new Layers<>();

    Registration add(RpcMiddleware middleware) {
        return layers.add(middleware);
    }

    <T> CompletableFuture<T> call(
            Target target,
            Procedure<?, ?> procedure,
            Map<String, String> headers,
            Function<Map<String, String>, CompletableFuture<T>> send) {
        List<RpcMiddleware> now = layers.now();
        return now.isEmpty() ? send.apply(headers) : call(now, 0, target, procedure.name(), headers, send);
    }

    private static <T> CompletableFuture<T> call(
            List<RpcMiddleware> layers,
            int layer,
            Target target,
            String procedure,
            Map<String, String> headers,
            Function<Map<String, String>, CompletableFuture<T>> send) {
        if (layer == layers.size()) {
            return send.apply(Headers.checked(headers));
        }
        return layers.get(layer)
                .call(
                        new OutgoingCall(target, procedure, headers),
                        changed -> call(layers, layer + 1, target, procedure, changed, send));
    }

    <R> CompletionStage<R> serve(CallContext call, Rest<R> handler) throws Exception {
        List<RpcMiddleware> now = layers.now();
        return now.isEmpty() ? handler.run() : serve(now, 0, call, handler);
    }

    private static <R> CompletionStage<R> serve(
            List<RpcMiddleware> layers, int layer, CallContext call, Rest<R> handler) throws Exception {
        return layer == layers.size()
                ? handler.run()
                : layers.get(layer).serve(call, () -> serve(layers, layer + 1, call, handler));
    }
}
