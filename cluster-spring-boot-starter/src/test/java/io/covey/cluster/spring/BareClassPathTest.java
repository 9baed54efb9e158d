package io.covey.cluster.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a JVM of its own, which cannot link what is not there: {@link AbsentModulesTest} hides classes from conditions alone. */
class BareClassPathTest {
    private static final String TASKS = "io.covey.cluster.tasks.Worker";
    private static final String RPC = "io.covey.cluster.rpc.Rpc";
    private static final String DASHBOARD = "io.covey.cluster.dashboard.Dashboard";
    private static final String METERS = "io.covey.cluster.micrometer.ClusterMetrics";
    private static final String MICROMETER = "io.micrometer.core.instrument.MeterRegistry";
    private static final String TRACING = "io.micrometer.tracing.Tracer";

    private static final String MODULES = "cluster-dashboard|cluster-micrometer";
    private static final String LIBRARIES = "micrometer-(?!observation|commons)|spring-boot-micrometer";

    @TempDir
    Path folder;

    @Test
    void aNodeStartsWithoutTasksCallsDashboardAndMeters() throws Exception {
        assertThat(run("cluster-tasks|cluster-rpc|" + MODULES, LIBRARIES))
                .contains(absent(TASKS, RPC, DASHBOARD, METERS, MICROMETER, TRACING))
                .contains("members 1")
                .filteredOn(line -> line.startsWith("bean "))
                .containsExactlyInAnyOrder(
                        "bean coveyCluster",
                        "bean coveySubscriptions",
                        "bean coveyLiveHealthIndicator",
                        "bean coveyReadyHealthIndicator");
    }

    @Test
    @Tag("long")
    void tasksNeedNoCalls() throws Exception {
        assertThat(run("cluster-rpc|" + MODULES, LIBRARIES))
                .contains(absent(RPC, DASHBOARD, METERS, MICROMETER, TRACING))
                .contains(TASKS + " is there", "bean coveyWorker", "members 1")
                .doesNotContain("bean coveyRpc");
    }

    @Test
    @Tag("long")
    void callsNeedNoTasks() throws Exception {
        assertThat(run("cluster-tasks|" + MODULES, LIBRARIES))
                .contains(absent(TASKS, DASHBOARD, METERS, MICROMETER, TRACING))
                .contains(RPC + " is there", "bean coveyRpc", "members 1")
                .doesNotContain("bean coveyWorker");
    }

    @Test
    @Tag("long")
    void whatTheStarterBringsNeedsNoMore() throws Exception {
        assertThat(run(MODULES, LIBRARIES))
                .contains(absent(DASHBOARD, METERS, MICROMETER, TRACING))
                .contains("bean coveyRpc", "bean coveyWorker", "members 1");
    }

    private static String[] absent(String... classes) {
        return Arrays.stream(classes).map(name -> name + " is absent").toArray(String[]::new);
    }

    /** What an application prints, on the class path of the tests less some modules of ours and libraries of others. */
    private List<String> run(String modules, String libraries) throws Exception {
        String less =
                ".*/((" + modules + ")/target/[^/]+|((" + libraries + ")[^/]*|(" + modules + ")-[0-9][^/]*)\\.jar)/?";
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.matches(less))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        command.addAll(List.of("-Dspring.main.banner-mode=off", "-Dlogging.level.root=warn"));
        command.addAll(List.of("-cp", classPath, BareApplication.class.getName()));
        command.addAll(List.of(TASKS, RPC, DASHBOARD, METERS, MICROMETER, TRACING));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as(Files.readString(output, StandardCharsets.UTF_8))
                    .isZero();
            return Files.readAllLines(output, StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }
}
