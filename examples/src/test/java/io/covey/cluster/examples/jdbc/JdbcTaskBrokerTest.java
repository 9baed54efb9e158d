package io.covey.cluster.examples.jdbc;

import io.covey.cluster.tck.TaskBrokerContract;
import io.covey.cluster.tck.TransportHarness;

final class JdbcTaskBrokerTest extends TaskBrokerContract {

    @Override
    protected TransportHarness harness() {
        return new JdbcHarness();
    }
}
