package io.covey.cluster.examples.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.covey.cluster.ClusterException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Calls that must fail, in time and in one line. */
final class Refusals {
    /** What a busy machine may add. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private final String reason;
    private final Map<String, Long> took = new LinkedHashMap<>();

    /** That tell nothing in particular. */
    Refusals() {
        this("");
    }

    /** That tell a reason. */
    Refusals(String reason) {
        this.reason = reason;
    }

    void expect(String what, Duration limit, ThrowingCallable call) {
        long asked = System.nanoTime();
        Throwable thrown = catchThrowable(call);
        Duration time = Duration.ofNanos(System.nanoTime() - asked);
        if (thrown instanceof ExecutionException || thrown instanceof CompletionException) {
            thrown = thrown.getCause();
        }
        assertThat(thrown).as(what).isInstanceOf(ClusterException.class);
        assertThat(thrown.getMessage())
                .as(what)
                .isNotBlank()
                .contains(reason)
                .doesNotContain("\n")
                .doesNotContain("Exception");
        assertThat(time).as("%s failed in", what).isLessThan(limit.plus(SLACK));
        took.put(what, time.toMillis());
    }

    /** Milliseconds by what was tried. */
    @Override
    public String toString() {
        return "failed after ms " + took;
    }
}
