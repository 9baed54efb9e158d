package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.dashboard.Dashboard;
import io.covey.cluster.dashboard.Role;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a dashboard is served and who may use it. */
final class DashboardOptions {
    private static final String PASSWORD = "COVEY_DASHBOARD_PASSWORD";
    private static final String NONE = ":-" + Option.NULL_VALUE + "}";

    @Option(
            names = "--address",
            paramLabel = "HOST",
            description =
                    "Where the dashboard listens; others than the loopback address need a password that you have chosen "
                            + "(COVEY_DASHBOARD_ADDRESS; default ${DEFAULT-VALUE})",
            defaultValue = "${env:COVEY_DASHBOARD_ADDRESS:-127.0.0.1}")
    private String address;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Names under which browsers may ask for the dashboard, besides localhost and addresses in digits "
                            + "(COVEY_DASHBOARD_HOSTS)",
            defaultValue = "${env:COVEY_DASHBOARD_HOSTS" + NONE)
    private @Nullable List<String> hosts;

    @Option(
            names = "--users-file",
            paramLabel = "FILE",
            description = "Who may log in to the dashboard, one a line: NAME viewer|operator PASSWORD-OR-HASH "
                    + "(COVEY_DASHBOARD_USERS; else " + PASSWORD
                    + " is the password of admin, else one is made and printed)",
            defaultValue = "${env:COVEY_DASHBOARD_USERS" + NONE)
    private @Nullable Path users;

    @Option(
            names = "--behind-proxy",
            description =
                    "A proxy in front of the dashboard speaks TLS and sets X-Forwarded-For (COVEY_DASHBOARD_BEHIND_PROXY)",
            defaultValue = "${env:COVEY_DASHBOARD_BEHIND_PROXY:-false}")
    private boolean behindProxy;

    /** Serves a dashboard; a password that was made is told once, on stderr. */
    Dashboard start(Cluster cluster, int port, Output output) {
        Dashboard.Builder builder = Dashboard.on(cluster).address(address).port(port);
        if (hosts != null) {
            hosts.forEach(builder::host);
        }
        if (behindProxy) {
            builder.behindProxy();
        }
        String password = System.getenv(PASSWORD);
        if (users != null) {
            builder.users(users);
        } else if (password != null && !password.isEmpty()) {
            builder.user("admin", password, Role.OPERATOR);
        }
        Dashboard dashboard = builder.start();
        dashboard
                .newPassword()
                .ifPresent(made -> output.error("Log in to the dashboard as admin with the password " + made
                        + " (made now; set " + PASSWORD + " or --users-file to choose one)"));
        return dashboard;
    }
}
