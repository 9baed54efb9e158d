package io.covey.cluster.tck;

import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What all contracts share: a harness for each test, and the transports opened through it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
public abstract class TransportContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(2);

    private final Deque<Transport> opened = new ArrayDeque<>();
    private @Nullable TransportHarness harness;

    /**
     * Makes a harness; called before each test.
     *
     * @return a harness with a namespace of its own, closed after the test
     * @throws Exception fails the test
     */
    protected abstract TransportHarness harness() throws Exception;

    @BeforeEach
    final void makeHarness() throws Exception {
        harness = harness();
    }

    @AfterEach
    final void closeAll() {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        if (harness != null) {
            harness.close();
        }
    }

    final TransportHarness backend() {
        return Objects.requireNonNull(harness);
    }

    final Transport open() {
        return closedAfterwards(backend().open());
    }

    final Transport openElsewhere() {
        return closedAfterwards(backend().openElsewhere());
    }

    final Transport closedAfterwards(Transport transport) {
        opened.push(transport);
        return transport;
    }

    static <T> T on(CompletionStage<T> stage) {
        return Await.on(stage, PATIENCE, "contract");
    }

    /**
     * Awaits what is bound to happen.
     *
     * @return with the patience that a busy machine needs
     */
    protected static ConditionFactory eventually() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(POLL).atMost(PATIENCE);
    }
}
