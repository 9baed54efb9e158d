package io.covey.cluster.tck;

import io.covey.cluster.Cluster;
import org.junit.jupiter.api.BeforeEach;

/** Contracts of two nodes that know one another. */
abstract class TwoNodesContract extends NodeContract {
    Cluster one;
    Cluster two;

    @BeforeEach
    final void joinNodes() {
        one = join("one");
        two = join("two");
    }
}
