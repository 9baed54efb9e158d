package io.covey.cluster.rpc;

import io.covey.cluster.Registration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The calls of a node as users see them.
 *
 * @param node makes them
 * @param headers what travels with each
 */
record Calls(RpcNode node, Map<String, String> headers) implements Rpc {

    @Override
    public <Q, R> Registration serve(Procedure<Q, R> procedure, RpcHandler<Q, R> handler) {
        return serveAsync(procedure, new Immediate<>(handler));
    }

    @Override
    public <Q, R> Registration serveAsync(Procedure<Q, R> procedure, AsyncRpcHandler<Q, R> handler) {
        return node.serve(procedure, handler);
    }

    @Override
    public <S> Registration serve(Class<S> service, S implementation) {
        return Serving.all(this, node.contract(service).handlers(service.cast(implementation)));
    }

    @Override
    public <S> S proxy(Class<S> service, Target target) {
        return ServiceProxy.of(this, service, node.contract(service), target);
    }

    @Override
    public <Q, R> CompletableFuture<Reply<R>> call(Target target, Procedure<Q, R> procedure, Q argument) {
        return node.call(target, procedure, argument, headers);
    }

    @Override
    public <Q, R> CompletableFuture<Replies<R>> callAll(Procedure<Q, R> procedure, Q argument) {
        return node.callAll(procedure, argument, headers);
    }

    @Override
    public Rpc withHeaders(Map<String, String> more) {
        return new Calls(node, Headers.checked(more));
    }

    @Override
    public Registration around(RpcMiddleware middleware) {
        return node.around(middleware);
    }

    @Override
    public BuiltIn.Stats stats() {
        return node.stats();
    }

    @Override
    public void close() {
        node.close();
    }

    @Override
    public String toString() {
        return "Rpc[" + node.name() + "]";
    }
}
