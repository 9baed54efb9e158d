package io.covey.cluster.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.dashboard.Dashboard;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.StringUtils;

/** Serves a dashboard while the application runs, also while its worker drains. */
final class ServedDashboard implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ServedDashboard.class);

    private final Cluster cluster;
    private final DashboardProperties properties;
    private volatile @Nullable Dashboard dashboard;

    ServedDashboard(Cluster cluster, DashboardProperties properties) {
        this.cluster = cluster;
        this.properties = properties;
    }

    /** The one that is served now. */
    Optional<Dashboard> dashboard() {
        return Optional.ofNullable(dashboard);
    }

    @Override
    public void start() {
        Dashboard.Builder builder = Dashboard.on(cluster)
                .address(properties.address())
                .port(properties.port())
                .interval(properties.interval());
        properties.hosts().forEach(builder::host);
        if (properties.behindProxy()) {
            builder.behindProxy();
        }
        if (StringUtils.hasText(properties.usersFile())) {
            builder.users(Path.of(properties.usersFile()));
        }
        Dashboard started = builder.start();
        dashboard = started;
        // Only on the loopback address, without a proxy, and for this run only.
        started.newPassword()
                .ifPresentOrElse(
                        password -> LOG.warn(
                                "Dashboard at {}: user admin, password {} until the application ends; name users by"
                                        + " covey.dashboard.users-file",
                                started.uri(),
                                password),
                        () -> LOG.info("Dashboard at {}", started.uri()));
    }

    @Override
    public void stop() {
        Dashboard stopping = dashboard;
        dashboard = null;
        if (stopping != null) {
            stopping.close();
        }
    }

    @Override
    public boolean isRunning() {
        return dashboard != null;
    }

    @Override
    public int getPhase() {
        return ClusterPhases.CALLS;
    }
}
