package io.covey.cluster.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterException;
import io.covey.cluster.spi.Transport;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where it is served, and where it cannot be. */
@Timeout(120)
final class DashboardStartTest {

    private static Cluster join() {
        return Cluster.join("local:dashboard-" + UUID.randomUUID());
    }

    @Test
    void whereItCannotBeServedThePortIsFreeAgain() throws Exception {
        Cluster closed = join();
        closed.close();
        int port = freePort();
        for (Cluster cluster : List.of(closed, withoutTasks(closed))) {
            assertThatThrownBy(() -> Dashboard.on(cluster).port(port).start()).isInstanceOf(ClusterException.class);
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        }
    }

    @Test
    void aClusterWithoutTasksIsShownToo() throws Exception {
        try (Cluster cluster = join();
                Dashboard dashboard = Dashboard.on(withoutTasks(cluster))
                        .port(0)
                        .withoutLogin(Role.OPERATOR)
                        .start()) {
            Visitor visitor = new Visitor(dashboard.uri(), cluster);
            visitor.get("/");
            for (String path : List.of("/api/overview", "/api/backend", "/api/active")) {
                assertThat(visitor.get(path).status()).as(path).isEqualTo(200);
            }
            for (String path : List.of("/api/queues", "/api/failed", "/api/recurring", "/api/tasks?queue=mail")) {
                assertThat(visitor.rows(path)).as(path).isEmpty();
            }
            assertThat(visitor.rows("/api/nodes")).isNotEmpty();
        }
    }

    @Test
    void whereNobodyLogsInTheLoginLeadsOn() throws Exception {
        try (Cluster cluster = join();
                Dashboard dashboard =
                        Dashboard.on(cluster).port(0).withoutLogin(Role.VIEWER).start()) {
            Visitor lost = new Visitor(dashboard.uri(), cluster);
            assertThat(lost.get("/api/session").status()).isEqualTo(401);
            assertThat(lost.get("/login").status())
                    .as("with a cookie that its script finds good")
                    .isEqualTo(200);
            assertThat(lost.get("/api/session").status()).isEqualTo(200);
            assertThat(lost.get("/login").header("Location")).contains("/");
            assertThat(lost.get("/").status()).isEqualTo(200);
        }
    }

    /** None that others are given meanwhile, as those of port 0 may be. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
    }

    private static Cluster withoutTasks(Cluster cluster) {
        Transport without = replacing(Transport.class, cluster.transport(), "tasks", Optional.empty());
        return replacing(Cluster.class, cluster, "transport", without);
    }

    private static <T> T replacing(Class<T> type, T target, String method, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, called, args) -> called.getName().equals(method) ? answer : invoked(called, target, args)));
    }

    private static Object invoked(Method called, Object target, Object[] args) throws Throwable {
        try {
            return called.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
