package io.covey.cluster.core.local;

import io.covey.cluster.tck.MembersContract;
import io.covey.cluster.tck.RoomsContract;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.Nested;

/** What running nodes promise, within one process. */
final class LocalNodesTest {

    @Nested
    final class Members extends MembersContract {
        @Override
        protected TransportHarness harness() {
            return LocalHarness.running();
        }
    }

    @Nested
    final class Rooms extends RoomsContract {
        @Override
        protected TransportHarness harness() {
            return LocalHarness.running();
        }
    }
}
