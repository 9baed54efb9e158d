package io.covey.cluster.core.local;

import io.covey.cluster.tck.HistoryContract;
import io.covey.cluster.tck.TransportHarness;

/** The promises hold too where listeners run on the publisher's thread. */
final class SameThreadHistoryTest extends HistoryContract {

    @Override
    protected TransportHarness harness() {
        return new LocalHarness(Runnable::run);
    }
}
