package io.covey.cluster.rpc;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TickerTest {

    @Test
    void whateverGoesWrongWhatIsDueIsLookedAtAgain() {
        AtomicInteger looked = new AtomicInteger();
        Ticker.Work work = now -> {
            switch (looked.incrementAndGet()) {
                case 1 -> throw new OutOfMemoryError("unable to create native thread (on purpose)");
                case 2 -> throw new IllegalStateException("on purpose");
                default -> {
                    return Ticker.NEVER;
                }
            }
        };
        try (Ticker ticker = new Ticker(TickerTest::daemon, work)) {
            ticker.due(0);
            await().atMost(Nodes.PATIENCE).until(() -> looked.get() == 3);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "ticker-of-a-test");
        thread.setDaemon(true);
        return thread;
    }
}
