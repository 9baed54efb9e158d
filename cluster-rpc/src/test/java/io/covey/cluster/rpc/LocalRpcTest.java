package io.covey.cluster.rpc;

import io.covey.cluster.core.local.LocalBackend;
import io.covey.cluster.rpc.connections.ConnectionsContract;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tck.TransportHarness;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/** The contracts of calls and connections, within one process. */
final class LocalRpcTest {

    @Nested
    final class Calls extends RpcContract {
        @Override
        protected TransportHarness harness() {
            return new Harness();
        }
    }

    @Nested
    final class Cancels extends CancelContract {
        @Override
        protected TransportHarness harness() {
            return new Harness();
        }
    }

    @Nested
    final class Repeats extends RepeatContract {
        @Override
        protected TransportHarness harness() {
            return new Harness();
        }
    }

    @Nested
    final class Hostile extends HostileCallsContract {
        @Override
        protected TransportHarness harness() {
            return new Harness();
        }
    }

    @Nested
    final class Layers extends LayersContract {
        @Override
        protected TransportHarness harness() {
            return new Harness();
        }
    }

    @Nested
    final class Connections extends ConnectionsContract {
        @Override
        protected TransportHarness harness() {
            return new Harness();
        }
    }

    private static final class Harness implements TransportHarness {
        private static final TransportConfig HERE = TransportConfig.of("local:");
        private final LocalBackend backend = LocalBackend.create();

        @Override
        public Transport open() {
            return backend.open(HERE);
        }

        @Override
        public Transport openElsewhere() {
            return backend.open(HERE.withNamespace("elsewhere").withTaskNamespace("elsewhere"));
        }

        @Override
        public void pass(Duration time, String... queues) {
            backend.passLeaseTime(time);
        }

        @Override
        public void close() {}
    }
}
