package io.covey.cluster.spring;

import io.covey.cluster.tasks.Worker;
import io.covey.cluster.tasks.WorkerHealth;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether the worker gets on; unknown before it starts, while the application stops, and where there is none. */
final class WorkerHealthIndicator extends AbstractHealthIndicator {
    private final ObjectProvider<WorkerLifecycle> workers;

    WorkerHealthIndicator(ObjectProvider<WorkerLifecycle> workers) {
        this.workers = workers;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        Optional<Worker> running = Optional.ofNullable(workers.getIfAvailable()).flatMap(WorkerLifecycle::worker);
        if (running.isEmpty()) {
            health.unknown().withDetail("worker", "none runs");
            return;
        }
        Worker worker = running.get();
        WorkerHealth state = worker.health();
        health.status(state.up() ? "UP" : "DOWN")
                .withDetail("running", worker.stats().running().size());
        if (!state.up()) {
            health.withDetail("reasons", state.reasons());
        }
    }
}
