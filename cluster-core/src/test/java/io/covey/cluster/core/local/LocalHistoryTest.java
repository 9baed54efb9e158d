package io.covey.cluster.core.local;

import io.covey.cluster.tck.HistoryContract;
import io.covey.cluster.tck.TransportHarness;

final class LocalHistoryTest extends HistoryContract {

    @Override
    protected TransportHarness harness() {
        return new LocalHarness();
    }
}
