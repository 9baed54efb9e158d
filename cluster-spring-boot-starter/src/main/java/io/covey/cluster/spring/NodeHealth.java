package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.Health.State;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether the backend answers this node, as last seen: asks nobody. */
final class NodeHealth extends AbstractHealthIndicator {
    private final Cluster cluster;

    NodeHealth(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        State state = cluster.health().state();
        health.status(state.up() ? "UP" : "DOWN")
                .withDetail("node", cluster.self().id())
                .withDetail("backend", cluster.transport().description())
                .withDetail("since", state.since().toString());
        state.reason().ifPresent(reason -> health.withDetail("reason", reason));
    }
}
