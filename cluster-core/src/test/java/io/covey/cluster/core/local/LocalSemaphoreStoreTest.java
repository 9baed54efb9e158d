package io.covey.cluster.core.local;

import io.covey.cluster.tck.SemaphoreStoreContract;
import io.covey.cluster.tck.TransportHarness;

final class LocalSemaphoreStoreTest extends SemaphoreStoreContract {

    @Override
    protected TransportHarness harness() {
        return new LocalHarness();
    }
}
