package io.covey.cluster.core.local;

import io.covey.cluster.Registration;
import io.covey.cluster.spi.LeaseAttempt;
import io.covey.cluster.spi.Page;
import io.covey.cluster.spi.SemaphoreStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The semaphores as one connection sees them. */
final class LocalSemaphoreStore implements SemaphoreStore {
    private final LocalTransport transport;
    private final PermitTable table;

    LocalSemaphoreStore(LocalTransport transport, PermitTable table) {
        this.transport = transport;
        this.table = table;
    }

    @Override
    public CompletionStage<LeaseAttempt> acquire(String name, String owner, int permits, Duration lease) {
        return transport.call(() -> table.acquire(name, owner, permits, lease));
    }

    @Override
    public CompletionStage<Boolean> extend(String name, String owner, Duration lease) {
        return transport.call(() -> table.extend(name, owner, lease));
    }

    @Override
    public CompletionStage<Boolean> release(String name, String owner) {
        return transport.call(() -> table.release(name, owner));
    }

    @Override
    public CompletionStage<Page<Holding>> holdings(String prefix, Optional<String> cursor, int limit) {
        return transport.call(() -> table.holdings(prefix, cursor, limit));
    }

    @Override
    public Registration onFree(String name, Runnable hint) {
        return table.free().register(transport, List.of(name), same -> hint.run());
    }
}
