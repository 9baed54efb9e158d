package io.covey.cluster.core.local;

import io.covey.cluster.tck.ListStoreContract;
import io.covey.cluster.tck.TransportHarness;

final class LocalListStoreTest extends ListStoreContract {

    @Override
    protected TransportHarness harness() {
        return new LocalHarness();
    }
}
