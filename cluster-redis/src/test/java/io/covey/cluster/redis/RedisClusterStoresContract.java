package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.tck.CacheStoreContract;
import io.covey.cluster.tck.DirectoryContract;
import io.covey.cluster.tck.LockStoreContract;
import io.covey.cluster.tck.MessageBusContract;
import io.covey.cluster.tck.TransportHarness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The contracts of the outer seam on a cluster of three masters, for each driver. */
public abstract class RedisClusterStoresContract {
    private static RedisCluster cluster;

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @BeforeAll
    static void startCluster() {
        cluster = RedisCluster.start();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    private TransportHarness make() {
        return RedisHarness.of(cluster, drivers());
    }

    @Nested
    final class Cache extends CacheStoreContract {
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
    final class Members extends DirectoryContract {
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
}
