package io.covey.cluster.core;

import io.covey.cluster.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests of what two nodes of one backend do to one another. */
abstract class TwoNodes {
    final Nodes nodes = new Nodes();
    Cluster one;
    Cluster two;

    @BeforeEach
    final void join() {
        one = nodes.join("one");
        two = nodes.join("two");
    }

    @AfterEach
    final void close() {
        nodes.close();
    }
}
