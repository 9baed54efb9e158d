package io.covey.cluster.core;

import io.covey.cluster.tck.LineHarness;
import io.covey.cluster.tck.NodeOutageContract;

/** What nodes tell of a line that breaks, on the backend in this process. */
final class NodeOutageTest extends NodeOutageContract {

    @Override
    protected LineHarness harness() {
        return new WireHarness();
    }
}
