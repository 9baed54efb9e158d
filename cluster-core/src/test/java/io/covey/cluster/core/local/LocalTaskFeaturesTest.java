package io.covey.cluster.core.local;

import io.covey.cluster.tck.TaskFeatureContracts;
import io.covey.cluster.tck.TransportHarness;

final class LocalTaskFeaturesTest extends TaskFeatureContracts {

    @Override
    protected TransportHarness harness() {
        return new LocalHarness();
    }
}
