package io.covey.cluster.core.local;

import io.covey.cluster.tck.ShardedBusContract;
import io.covey.cluster.tck.TransportHarness;

final class LocalShardedBusTest extends ShardedBusContract {

    @Override
    protected TransportHarness harness() {
        return new LocalHarness();
    }
}
