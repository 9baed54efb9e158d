package io.covey.cluster.core.local;

import io.covey.cluster.tck.InvalidationContract;
import io.covey.cluster.tck.TransportHarness;

final class LocalInvalidationsTest extends InvalidationContract {

    @Override
    protected TransportHarness harness() {
        return new LocalHarness();
    }
}
