package io.covey.cluster.dashboard;

import io.covey.cluster.spi.Await;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * One thing that is asked of the backend again and again. What takes long is asked seldom: an answer costs at most about a
 * twentieth of the time. For one thread.
 */
final class Source<T> {
    private static final int SHARE = 20;

    private final String what;
    private final Supplier<CompletionStage<T>> question;
    private Optional<CompletionStage<T>> asked = Optional.empty();
    private T last;
    private long askedAt;
    private long notBefore;
    private String trouble = "";

    Source(String what, T first, Supplier<CompletionStage<T>> question) {
        this.what = what;
        this.last = first;
        this.question = question;
    }

    /** Asks if it is time to. */
    void ask(long now) {
        if (asked.isEmpty() && now - notBefore >= 0) {
            askedAt = now;
            try {
                asked = Optional.of(question.get());
            } catch (RuntimeException e) {
                asked = Optional.of(CompletableFuture.failedStage(e));
            }
        }
    }

    /** Waits for the answer, if something was asked; what went wrong is kept as trouble, and the last answer stays. */
    void take(Duration timeout, long nanosNow) {
        asked.ifPresent(stage -> {
            try {
                last = Await.on(stage, timeout, what);
                trouble = "";
            } catch (RuntimeException e) {
                trouble = Shown.line(String.valueOf(e.getMessage()));
            }
            long took = System.nanoTime() - askedAt;
            notBefore = nanosNow + Math.max(0, took * SHARE - took);
        });
        asked = Optional.empty();
    }

    T last() {
        return last;
    }

    String trouble() {
        return trouble;
    }
}
