package io.covey.cluster.core.cache;

import io.covey.cluster.core.runtime.NodeContext;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One operation, to be waited for or not.
 *
 * @param <A> the type of the store's answer
 * @param <B> the type of the result
 * @param ask asks the store
 * @param then makes the result of the answer, where user code may run
 * @param what what is being done, for messages
 */
record Step<A, B>(Supplier<CompletionStage<A>> ask, Function<A, B> then, Supplier<String> what) {

    static <A> Step<A, A> of(Supplier<CompletionStage<A>> ask, Supplier<String> what) {
        return new Step<>(ask, Function.identity(), what);
    }

    /** Does it, and waits for the answer. */
    B await(NodeContext node) {
        return then.apply(node.await(ask, what));
    }
}
