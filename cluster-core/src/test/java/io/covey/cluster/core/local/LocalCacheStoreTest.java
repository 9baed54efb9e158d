package io.covey.cluster.core.local;

import io.covey.cluster.tck.CacheStoreContract;
import io.covey.cluster.tck.TransportHarness;

final class LocalCacheStoreTest extends CacheStoreContract {

    @Override
    protected TransportHarness harness() {
        return new LocalHarness();
    }
}
