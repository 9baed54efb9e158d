package io.covey.cluster.examples.jdbc;

import io.covey.cluster.tck.LockStoreContract;
import io.covey.cluster.tck.TransportHarness;

final class JdbcLockStoreTest extends LockStoreContract {

    @Override
    protected TransportHarness harness() {
        return new JdbcHarness();
    }
}
