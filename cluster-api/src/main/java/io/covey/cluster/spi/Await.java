package io.covey.cluster.spi;

import io.covey.cluster.ClusterException;
import io.covey.cluster.TransportException;
import io.covey.cluster.TransportTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The one place where a stage becomes a wait. */
public final class Await {

    private Await() {}

    /**
     * Waits for a stage. An interrupt ends the wait, leaves the thread's flag set, and is thrown as a
     * {@link TransportException}.
     *
     * @param <T> the type of the result
     * @param stage what to wait for
     * @param timeout how long at most
     * @param what what is being done, for the message, such as {@code get "ada" of cache profiles}
     * @return the stage's result
     * @throws ClusterException what the stage failed with, or {@link TransportTimeoutException}
     */
    public static <T> T on(CompletionStage<T> stage, Duration timeout, String what) {
        return on(stage, timeout, () -> what);
    }

    /**
     * As {@link #on(CompletionStage, Duration, String)}, for a message that costs something to make.
     *
     * @param <T> the type of the result
     * @param stage what to wait for
     * @param timeout how long at most
     * @param what what is being done, asked only if something goes wrong
     * @return the stage's result
     * @throws ClusterException what the stage failed with, or {@link TransportTimeoutException}
     */
    public static <T> T on(CompletionStage<T> stage, Duration timeout, Supplier<String> what) {
        try {
            return stage.toCompletableFuture().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new TransportTimeoutException(what.get() + ": no answer in " + timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransportException(what.get() + ": interrupted while waiting for the answer", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause(), what.get());
        }
    }

    /**
     * Makes a call that answers by a stage.
     *
     * @param <T> the type of the answer
     * @param call the call
     * @return its stage; a failed one if the call threw in place
     */
    public static <T> CompletionStage<T> caught(Supplier<CompletionStage<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /**
     * What a failed stage failed with, unwrapped.
     *
     * @param thrown what a continuation was given
     * @return the cause behind any {@link CompletionException} or {@link ExecutionException}
     */
    public static Throwable unwrap(Throwable thrown) {
        Throwable t = thrown;
        while ((t instanceof CompletionException || t instanceof ExecutionException) && t.getCause() != null) {
            t = t.getCause();
        }
        return t;
    }

    private static RuntimeException failure(Throwable thrown, String what) {
        Throwable cause = unwrap(thrown);
        if (cause instanceof ClusterException known) {
            known.addSuppressed(new ClusterException("while waiting: " + what));
            return known;
        }
        if (cause instanceof IllegalArgumentException || cause instanceof IllegalStateException) {
            return (RuntimeException) cause;
        }
        return new ClusterException(what + ": " + cause, cause);
    }
}
