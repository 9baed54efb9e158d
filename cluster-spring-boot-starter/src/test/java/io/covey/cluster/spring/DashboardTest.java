package io.covey.cluster.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.dashboard.Dashboard;
import io.covey.cluster.spring.ClusterAutoConfigurationTest.Nothing;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

class DashboardTest {

    @Test
    void aDashboardIsServedOnlyIfItIsAskedForAndAsksWhoComes() throws Exception {
        try (ConfigurableApplicationContext app = Applications.run(Nothing.class)) {
            assertThat(app.getBeanNamesForType(ServedDashboard.class)).isEmpty();
        }
        URI uri;
        try (ConfigurableApplicationContext app =
                Applications.run(Nothing.class, "covey.dashboard.enabled=true", "covey.dashboard.port=0")) {
            Dashboard dashboard = app.getBean(ServedDashboard.class).dashboard().orElseThrow();
            uri = dashboard.uri();
            assertThat(uri.getHost()).isEqualTo("127.0.0.1");
            assertThat(dashboard.newPassword()).isPresent();
            assertThat(get(uri).statusCode()).isLessThan(500);
            app.stop();
            app.start();
            uri = app.getBean(ServedDashboard.class).dashboard().orElseThrow().uri();
            assertThat(get(uri).statusCode()).isLessThan(500);
        }
        URI closed = uri;
        assertThatThrownBy(() -> get(closed)).isInstanceOf(IOException.class);
    }

    @Test
    void itIsOpenToOthersOnlyForUsersThatAreNamed(@TempDir Path folder) throws Exception {
        assertThatThrownBy(() -> Applications.run(
                                Nothing.class,
                                "covey.dashboard.enabled=true",
                                "covey.dashboard.port=0",
                                "covey.dashboard.address=0.0.0.0")
                        .close())
                .rootCause()
                .hasMessageContaining("without a password that you have chosen");
        Path users = Files.writeString(folder.resolve("users"), "ada operator kM3vQ9xR2tY7wZ1b\n");
        try (ConfigurableApplicationContext app = Applications.run(
                Nothing.class,
                "covey.dashboard.enabled=true",
                "covey.dashboard.port=0",
                "covey.dashboard.users-file=" + users)) {
            assertThat(app.getBean(ServedDashboard.class)
                            .dashboard()
                            .orElseThrow()
                            .newPassword())
                    .isEmpty();
        }
    }

    private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
