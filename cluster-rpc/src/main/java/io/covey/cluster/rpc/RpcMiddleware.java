package io.covey.cluster.rpc;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Something done around every call of a node, those it makes and those it answers: a trace, a log context, a count. See
 * {@link Rpc#around}.
 */
public interface RpcMiddleware {

    /**
     * A call is made, on the thread of who makes it. What this method throws is thrown to whoever calls.
     *
     * @param <T> what it ends with
     * @param call whom and what
     * @param rest the next middleware, in the end the call: given the headers that travel with it, at most 16 of together
     *     4,096 characters; to be called at most once
     * @return the future that {@code rest} returned, since its cancellation cancels the call
     */
    default <T> CompletableFuture<T> call(OutgoingCall call, Function<Map<String, String>, CompletableFuture<T>> rest) {
        return rest.apply(call.headers());
    }

    /**
     * A call is answered, on the handler's thread.
     *
     * @param <R> the type of the result
     * @param call the call, as its handler sees it
     * @param rest the next middleware, in the end the handler; to be called at most once
     * @return what {@code rest} returned, which may complete later, on any thread
     * @throws Exception as if the handler had thrown it
     */
    default <R> CompletionStage<R> serve(CallContext call, Rest<R> rest) throws Exception {
        return rest.run();
    }

    /**
     * A call that a node makes.
     *
     * @param target whom
     * @param procedure what
     * @param headers what travels with it so far
     */
    record OutgoingCall(Target target, String procedure, Map<String, String> headers) {}

    /**
     * What is inside of a middleware.
     *
     * @param <R> the type of the result
     */
    @FunctionalInterface
    interface Rest<R> {

        /**
         * Runs the rest.
         *
         * @return the result, which may complete later
         * @throws Exception what it throws
         */
        CompletionStage<R> run() throws Exception;
    }
}
