package io.covey.cluster.core.local;

import io.covey.cluster.tck.TaskBrokerContract;
import io.covey.cluster.tck.TransportHarness;

final class LocalTaskBrokerTest extends TaskBrokerContract {

    @Override
    protected TransportHarness harness() {
        return new LocalHarness();
    }
}
