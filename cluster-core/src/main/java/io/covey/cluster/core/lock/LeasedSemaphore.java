package io.covey.cluster.core.lock;

import io.covey.cluster.Lock;
import io.covey.cluster.Semaphore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Permits of one name. */
final class LeasedSemaphore implements Semaphore {
    private static final Runnable NOTHING = () -> {};

    private final String name;
    private final int permits;
    private final Leasing leasing;
    private final Taker taker;

    LeasedSemaphore(String name, int permits, Leasing leasing, Taker taker) {
        this.name = name;
        this.permits = permits;
        this.leasing = leasing;
        this.taker = taker;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int permits() {
        return permits;
    }

    @Override
    public Optional<Permit> tryAcquire(Duration wait, Lock.LostListener onLost) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        leasing.ensureOpen();
        return taker.take(wait, onLost, NOTHING).map(held -> held);
    }

    @Override
    public CompletionStage<Optional<Permit>> tryAcquireAsync(Duration wait, Lock.LostListener onLost) {
        leasing.ensureOpen();
        return taker.takeLater(wait, onLost, NOTHING, held -> held);
    }
}
