package io.covey.cluster.core.local;

import io.covey.cluster.tck.MessageBusContract;
import io.covey.cluster.tck.TransportHarness;

/** The promises hold too where listeners run on the publisher's thread. */
final class SameThreadMessageBusTest extends MessageBusContract {

    @Override
    protected TransportHarness harness() {
        return new LocalHarness(Runnable::run);
    }
}
