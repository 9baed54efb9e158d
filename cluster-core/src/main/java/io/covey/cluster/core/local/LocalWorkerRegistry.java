package io.covey.cluster.core.local;

import io.covey.cluster.spi.WorkerRegistry;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Who works, as one connection sees it. */
final class LocalWorkerRegistry implements WorkerRegistry {
    private final LocalTransport transport;
    private final Workers workers;

    LocalWorkerRegistry(LocalTransport transport, Workers workers) {
        this.transport = transport;
        this.workers = workers;
    }

    @Override
    public CompletionStage<Void> report(WorkerInfo worker) {
        return transport.run(() -> workers.report(worker));
    }

    @Override
    public CompletionStage<Void> retire(String owner) {
        return transport.run(() -> workers.retire(owner));
    }

    @Override
    public CompletionStage<List<WorkerInfo>> list() {
        return transport.call(workers::list);
    }
}
