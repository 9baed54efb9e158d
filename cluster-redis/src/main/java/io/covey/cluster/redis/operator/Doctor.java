package io.covey.cluster.redis.operator;

import io.covey.cluster.TransportException;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.spi.TransportConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at the servers behind a URI, which may be one, those that sentinels name, or a Redis Cluster, and says what endangers our
 * promises there. It changes nothing. What the URI's user may not look at is a finding too, and the rest goes on.
 */
public final class Doctor {
    private final long keys;

    /**
     * One that looks at a number of keys.
     *
     * @param keys of each server that has keys, 0 for none; the rest is not looked at
     */
    public Doctor(long keys) {
        if (keys < 0) {
            throw new IllegalArgumentException("keys must not be negative, was " + keys);
        }
        this.keys = keys;
    }

    /**
     * Looks at everything. Blocks; takes as long as the servers take to answer some dozens of short questions, and to hand out the
     * names of the keys.
     *
     * @param config where, and how the cluster's keys are called
     * @param drivers the client library to ask with
     * @return what was found, the worst first
     * @throws TransportException if no server can be reached, or one stops answering
     * @throws IllegalArgumentException if the URI cannot be read
     */
    public List<Finding> examine(TransportConfig config, RedisDriverFactory drivers) {
        Findings findings = new Findings();
        findings.begin("reach");
        try (Landscape where = new Landscape(config, drivers, findings)) {
            for (Check check : checks()) {
                findings.begin(check.name());
                check.look(where, findings);
            }
        }
        return findings.sorted();
    }

    private List<Check> checks() {
        List<Check> checks = new ArrayList<>(List.of(
                new EvictionCheck(),
                new PersistenceCheck(),
                new ReplicationCheck(),
                new SentinelCheck(),
                new ClusterCheck(),
                new MemoryCheck(),
                new ConnectionCheck(),
                new AccessCheck(),
                new VersionCheck(),
                new ClockCheck(),
                new ScriptCheck(),
                new SubscriptionCheck()));
        if (keys > 0) {
            checks.add(new KeyCheck(keys));
        }
        return checks;
    }
}
