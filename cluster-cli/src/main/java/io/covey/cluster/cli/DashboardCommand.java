package io.covey.cluster.cli;

import io.covey.cluster.Cluster;
import io.covey.cluster.dashboard.Dashboard;
import io.covey.cluster.dashboard.PasswordHash;
import io.covey.cluster.supervisor.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cluster dashboard}. */
@Command(
        name = "dashboard",
        description = "Serves a web page that shows the cluster and lets operators act, until it is interrupted.",
        mixinStandardHelpOptions = true)
final class DashboardCommand implements Callable<Integer> {
    @Mixin
    private Connection connection;

    @Mixin
    private Output output;

    @Mixin
    private DashboardOptions dashboard;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where it listens (COVEY_DASHBOARD_PORT; default ${DEFAULT-VALUE}; 0 for any)",
            defaultValue = "${env:COVEY_DASHBOARD_PORT:-8080}")
    private int port;

    @Option(
            names = "--hash-password",
            description = "Only print the hash of the password in the first line of stdin, for a file of users")
    private boolean hash;

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (hash) {
            return printHash();
        }
        CountDownLatch end = new CountDownLatch(1);
        Signals.onTermination(end::countDown);
        try (Cluster cluster = connection.join("dashboard")) {
            Dashboard served = dashboard.start(cluster, port, output);
            output.line(
                    "The dashboard is at " + served.uri() + " until you press Ctrl-C",
                    Output.fields(
                            "event", "ready",
                            "uri", served.uri().toString(),
                            "node", cluster.self().id(),
                            "pid", cluster.self().pid()));
            end.await();
            served.close();
        }
        return 0;
    }

    private int printHash() throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String password = lines.readLine();
        String text = PasswordHash.of(password == null ? "" : password).text();
        output.line(text, Output.fields("hash", text));
        return 0;
    }
}
