package io.covey.cluster.core.lock;

import io.covey.cluster.Lock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** One handle. */
final class LeasedLock implements Lock {
    private final String name;
    private final Leasing leasing;
    private final Taker taker;
    private final AtomicBoolean busy = new AtomicBoolean();

    LeasedLock(String name, Leasing leasing, Taker taker) {
        this.name = name;
        this.leasing = leasing;
        this.taker = taker;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Held> tryLock(Duration wait, LostListener onLost) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        begin(wait);
        return taker.take(wait, onLost, this::free).map(held -> held);
    }

    @Override
    public CompletionStage<Optional<Held>> tryLockAsync(Duration wait, LostListener onLost) {
        begin(wait);
        return taker.takeLater(wait, onLost, this::free, held -> held);
    }

    private void begin(Duration wait) {
        Objects.requireNonNull(wait, "wait");
        leasing.ensureOpen();
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("Lock " + name
                    + ": this handle holds it or waits for it; Cluster.lock makes a handle for each who competes");
        }
    }

    private void free() {
        busy.set(false);
    }
}
