package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.Health.Check;
import io.covey.cluster.Health.Report;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** One of the two questions that a node answers of itself, with what was looked at; asks nobody else. */
final class ReportedHealth extends AbstractHealthIndicator {
    private final Cluster cluster;
    private final Supplier<Report> question;

    ReportedHealth(Cluster cluster, Supplier<Report> question) {
        this.cluster = cluster;
        this.question = question;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        Report report = question.get();
        health.status(report.ok() ? "UP" : "DOWN")
                .withDetail("node", cluster.self().id());
        for (Check check : report.checks()) {
            health.withDetail(check.name(), check.ok() ? "well" : check.trouble());
        }
    }
}
