package io.covey.cluster.core.local;

import io.covey.cluster.tck.LockStoreContract;
import io.covey.cluster.tck.TransportHarness;

final class LocalLockStoreTest extends LockStoreContract {

    @Override
    protected TransportHarness harness() {
        return new LocalHarness();
    }
}
