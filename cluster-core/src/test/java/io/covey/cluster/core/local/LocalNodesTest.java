package io.covey.cluster.core.local;

import io.covey.cluster.tck.BackendContract;
import io.covey.cluster.tck.MembersContract;
import io.covey.cluster.tck.NodeEventsContract;
import io.covey.cluster.tck.NonBlockingTopicContract;
import io.covey.cluster.tck.RoomsContract;
import io.covey.cluster.tck.SignedBusContract;
import io.covey.cluster.tck.TopicsContract;
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

    @Nested
    final class Topics extends TopicsContract {
        @Override
        protected TransportHarness harness() {
            return LocalHarness.running();
        }
    }

    @Nested
    final class Signed extends SignedBusContract {
        @Override
        protected TransportHarness harness() {
            return LocalHarness.running();
        }
    }

    @Nested
    final class Events extends NodeEventsContract {
        @Override
        protected TransportHarness harness() {
            return LocalHarness.running();
        }
    }

    @Nested
    final class Backend extends BackendContract {
        @Override
        protected TransportHarness harness() {
            return LocalHarness.running();
        }
    }

    @Nested
    final class NonBlockingTopics extends NonBlockingTopicContract {
        @Override
        protected TransportHarness harness() {
            return LocalHarness.running();
        }
    }
}
