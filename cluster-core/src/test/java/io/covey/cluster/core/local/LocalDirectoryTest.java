package io.covey.cluster.core.local;

import io.covey.cluster.tck.DirectoryContract;
import io.covey.cluster.tck.TransportHarness;

final class LocalDirectoryTest extends DirectoryContract {

    @Override
    protected TransportHarness harness() {
        return new LocalHarness();
    }
}
