package io.covey.cluster.core.local;

import io.covey.cluster.tck.MessageBusContract;
import io.covey.cluster.tck.TransportHarness;

final class LocalMessageBusTest extends MessageBusContract {

    @Override
    protected TransportHarness harness() {
        return new LocalHarness();
    }
}
