package io.covey.cluster.redis;

import io.covey.cluster.rpc.CancelContract;
import io.covey.cluster.rpc.HostileCallsContract;
import io.covey.cluster.rpc.LayersContract;
import io.covey.cluster.rpc.RepeatContract;
import io.covey.cluster.rpc.RpcContract;
import io.covey.cluster.rpc.connections.ConnectionsContract;
import io.covey.cluster.tck.MembersContract;
import io.covey.cluster.tck.NodeEventsContract;
import io.covey.cluster.tck.NonBlockingTopicContract;
import io.covey.cluster.tck.RoomsContract;
import io.covey.cluster.tck.SignedBusContract;
import io.covey.cluster.tck.TopicsContract;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.Nested;

/** The contracts of running nodes: members, rooms, calls and connections, on whatever servers a subclass starts. */
abstract class NodeContracts {

    abstract TransportHarness make();

    @Nested
    final class Alive extends MembersContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Rooms extends RoomsContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Calls extends RpcContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Cancels extends CancelContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Repeats extends RepeatContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Hostile extends HostileCallsContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Connections extends ConnectionsContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Topics extends TopicsContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Signed extends SignedBusContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Events extends NodeEventsContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Layers extends LayersContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class NonBlockingTopics extends NonBlockingTopicContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }
}
