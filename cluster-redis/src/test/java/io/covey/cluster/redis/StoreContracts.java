package io.covey.cluster.redis;

import io.covey.cluster.tck.BackendContract;
import io.covey.cluster.tck.CacheStoreContract;
import io.covey.cluster.tck.DirectoryContract;
import io.covey.cluster.tck.HistoryContract;
import io.covey.cluster.tck.InvalidationContract;
import io.covey.cluster.tck.ListStoreContract;
import io.covey.cluster.tck.LockStoreContract;
import io.covey.cluster.tck.MessageBusContract;
import io.covey.cluster.tck.SemaphoreStoreContract;
import io.covey.cluster.tck.ShardedBusContract;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.Nested;

/** The contracts of everything but tasks, on whatever servers a subclass starts. */
abstract class StoreContracts {

    abstract TransportHarness make();

    @Nested
    final class Cache extends CacheStoreContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Lists extends ListStoreContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Invalidations extends InvalidationContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Locks extends LockStoreContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Semaphores extends SemaphoreStoreContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Members extends DirectoryContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Histories extends HistoryContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Sharded extends ShardedBusContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Bus extends MessageBusContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }

    @Nested
    final class Backend extends BackendContract {
        @Override
        protected TransportHarness harness() {
            return make();
        }
    }
}
