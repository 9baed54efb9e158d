package io.covey.cluster.dashboard;

import io.covey.cluster.spi.Await;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One thing that is asked of the backend again and again. What takes long is asked seldom, so that it costs a bounded part
 * of the time; what failed is asked again at once. For one thread.
 */
final class Source<T> {
    private static final long MOST_REST = TimeUnit.MINUTES.toNanos(1);

    private final String what;
    private final int share;
    private final Supplier<CompletionStage<T>> question;
    private Optional<CompletionStage<T>> asked = Optional.empty();
    private T last;
    private long askedAt;
    private long notBefore;
    private String trouble = "";

    /**
     * @param share an answer may cost one part in so many of the time; 1 for one that is asked each time
     */
    Source(String what, T first, int share, Supplier<CompletionStage<T>> question) {
        this.what = what;
        this.share = share;
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
                long took = System.nanoTime() - askedAt;
                notBefore = nanosNow + Math.min(MOST_REST, took * (share - 1));
            } catch (RuntimeException e) {
                trouble = Shown.line(String.valueOf(e.getMessage()));
                notBefore = nanosNow;
            }
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
