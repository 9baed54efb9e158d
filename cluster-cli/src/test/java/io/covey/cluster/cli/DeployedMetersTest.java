package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Lock;
import io.covey.cluster.Secret;
import io.covey.cluster.micrometer.QueueMetrics;
import io.covey.cluster.micrometer.TaskMetrics;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.spi.QueueSettings.Kind;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard and the alerts of {@code deploy/} speak of what a worker tells Prometheus. */
class DeployedMetersTest {
    private static final Path ROOT = Path.of(System.getProperty("covey.test.root"));
    private static final TaskType<String> WORK =
            TaskType.of("work", String.class).on("mail");
    private static final Pattern METER = Pattern.compile("\\b((?:covey|jvm|process)_[a-z0-9_]+)(?:\\{([^}]*)})?");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)(?:=~|=|!=)\"([^\"]*)\"");

    /** They appear with the first trouble, or after a while. */
    private static final List<String> RARE =
            List.of("covey_tasks_data_lost_total", "covey_worker_standstills_total", "covey_queue_oldest_seconds");

    @Test
    void everyMeterOfTheDashboardAndOfTheAlertsIsThereWithItsLabels() throws Exception {
        Map<String, TreeSet<String>> told = told();
        int meters = 0;
        for (String expression : Stream.concat(ofTheDashboard(), ofTheAlerts()).toList()) {
            for (MatchResult meter : METER.matcher(expression).results().toList()) {
                String name = meter.group(1);
                meters++;
                if (!RARE.contains(name)) {
                    assertThat(told).as(expression).containsKey(name);
                }
                if (meter.group(2) != null) {
                    assertThat(LABEL.matcher(meter.group(2)).results().map(label -> label.group(1)))
                            .as(expression)
                            .isSubsetOf(RARE.contains(name) ? List.of("queue") : told.get(name));
                }
            }
        }
        assertThat(meters).isGreaterThan(80);
    }

    /** A value that is none would be an empty graph. */
    @Test
    void everyValueOfALabelIsOneThatTheGuideKnows() throws IOException {
        Map<String, String> rows = new HashMap<>();
        Pattern.compile("(?m)^\\| `(covey\\.[a-z.]+)`.*$")
                .matcher(Files.readString(ROOT.resolve("docs/observability.md")))
                .results()
                .forEach(row -> rows.put(row.group(1).replace('.', '_'), row.group()));
        int values = 0;
        for (String expression : Stream.concat(ofTheDashboard(), ofTheAlerts()).toList()) {
            for (MatchResult meter : METER.matcher(expression).results().toList()) {
                for (MatchResult label : LABEL.matcher(meter.group(2) == null ? "" : meter.group(2))
                        .results()
                        .toList()) {
                    String name = meter.group(1).replaceAll("(_seconds)?(_total|_bucket|_sum|_count)?$", "");
                    if (!label.group(2).equals("$queue") && !label.group(1).equals("area")) {
                        values++;
                        assertThat(label.group(2).split("\\|"))
                                .as(expression)
                                .allSatisfy(value -> assertThat(rows.get(name)).contains("`" + value + "`"));
                    }
                }
            }
        }
        assertThat(values).isGreaterThan(15);
    }

    private static Stream<String> ofTheDashboard() throws IOException {
        JsonNode dashboard = JsonMapper.shared().readTree(Files.readString(ROOT.resolve("deploy/grafana/covey.json")));
        return dashboard.findValuesAsString("expr").stream();
    }

    private static Stream<String> ofTheAlerts() throws IOException {
        return Pattern.compile("(?s)expr: (.*?)\n        (?:for|labels):")
                .matcher(Files.readString(ROOT.resolve("deploy/prometheus/covey-alerts.yaml")))
                .results()
                .map(rule -> rule.group(1));
    }

    /** The names, with the labels of each. */
    private static Map<String, TreeSet<String>> told() throws Exception {
        try (RedisServer redis = RedisServer.start();
                WorkerMetrics metrics = WorkerMetrics.serve("127.0.0.1", 0, "test");
                Cluster cluster =
                        Cluster.join(ClusterConfig.builder(redis.uri().replace("redis://", "redis+lettuce://"))
                                .token(Secret.of("5f0c2c1a9c7b4be6b7f1"))
                                .build())) {
            PrometheusMeterRegistry application = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            use(cluster, metrics, application);
            return await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(
                            () -> names(scrape(metrics) + application.scrape()),
                            names -> names.keySet()
                                    .containsAll(List.of(
                                            "covey_queue_tasks",
                                            "covey_tasks_kept",
                                            "covey_tasks_ended_total",
                                            "covey_tasks_wait_seconds_count")));
        }
    }

    private static void use(Cluster cluster, WorkerMetrics metrics, PrometheusMeterRegistry application)
            throws Exception {
        TaskMetrics producer = new TaskMetrics(cluster);
        producer.bindTo(application);
        TaskQueue tasks = producer.around(TaskQueue.on(cluster));
        tasks.queue("mail").change(settings -> settings.withKind(Kind.OWN));
        tasks.enqueue(WORK, "x");
        // The worker's own look into the queues each 15 s only.
        new QueueMetrics(cluster, Duration.ofSeconds(1)).bindTo(application);
        metrics.joined(cluster);
        Procedure<String, String> echo = Procedure.of("echo", String.class, String.class);
        Rpc rpc = Rpc.on(cluster);
        metrics.serves(rpc);
        rpc.serve(echo, (text, call) -> text);
        rpc.call(Target.any(), echo, "x").get();
        cluster.cache("profiles", String.class).get("ada", Duration.ofMinutes(1), key -> Optional.of("x"));
        try (Lock.Held held = cluster.lock("report").tryLock(Duration.ZERO).orElseThrow()) {
            assertThat(held.stillMine()).isTrue();
        }
        metrics.started(metrics.around(Worker.on(cluster)
                        .queues("mail")
                        .handlers(handlers -> handlers.handle(WORK, (text, task) -> {})))
                .start());
    }

    private static String scrape(WorkerMetrics metrics) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metrics.port() + "/metrics"))
                .timeout(Duration.ofSeconds(30))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    private static Map<String, TreeSet<String>> names(String scraped) {
        Map<String, TreeSet<String>> names = new HashMap<>();
        scraped.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            MatchResult sample = Pattern.compile("^([a-z0-9_]+)(\\{.*})?")
                    .matcher(line)
                    .results()
                    .findFirst()
                    .orElseThrow();
            TreeSet<String> labels = names.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(label -> labels.add(label.group(1)));
            }
        });
        return names;
    }
}
