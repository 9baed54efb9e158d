package io.covey.cluster.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spring.HandlesTask;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The shop on two nodes, as somebody with a browser sees it. */
@Timeout(300)
class ShopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void ordersAreMadeUpByAllNodesOfOneProcess() throws Exception {
        twoShops("covey.uri=local:" + UUID.randomUUID());
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce"})
    void ordersAreMadeUpByAllNodesOnRedis(String driver) throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            String own = UUID.randomUUID().toString();
            twoShops(
                    "covey.uri=" + redis.uri(),
                    "covey.driver=" + driver,
                    "covey.namespace=" + own,
                    "covey.task-namespace=" + own + "-tasks",
                    "covey.token=" + own);
        }
    }

    private static void twoShops(String... properties) throws Exception {
        try (ConfigurableApplicationContext one = shop(ShopApplication.class, properties);
                ConfigurableApplicationContext two = shop(ShopApplication.class, properties)) {
            assertThat(get(one, "/actuator/health/readiness")).contains("\"status\":\"UP\"");
            assertThat(get(one, "/actuator/health")).contains("\"coveyLive\"").contains("\"coveyReady\"");

            List<String> orders = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                orders.add(id(post(i % 2 == 0 ? one : two, "/orders?item=tea")));
            }
            for (String order : orders) {
                await().atMost(PATIENCE)
                        .until(() -> get(two, "/orders/" + order).contains("\"cents\":300"));
            }
            for (ConfigurableApplicationContext each : List.of(one, two)) {
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(each.getBean(Workshop.class).heard())
                                        .containsExactlyInAnyOrderElementsOf(orders));
                List<Integer> counts = counts(get(each, "/nodes"));
                assertThat(counts).hasSize(2);
                assertThat(counts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(orders.size());
            }
            assertThat(get(one, "/prices/tea")).isEqualTo("300");
            assertThat(one.getBean(Prices.class).asked()
                            + two.getBean(Prices.class).asked())
                    .isEqualTo(1);
            assertThat(get(one, "/orders/nobodys")).isEmpty();
            assertThat(get(one, "/actuator/metrics/covey.worker.concurrency")).contains("\"value\":4.0");
        }
    }

    /** A task that, before it ends, asks the web server of its own node. */
    @Configuration(proxyBeanMethods = false)
    static class CallsHome {
        static final TaskType<String> CALL_HOME =
                TaskType.of("call-home", String.class).on("home");

        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch mayEnd = new CountDownLatch(1);
        volatile String heard = "nothing";

        @Autowired
        ConfigurableApplicationContext app;

        @HandlesTask("call-home")
        void callHome(String path) throws IOException, InterruptedException {
            begun.countDown();
            assertThat(mayEnd.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            heard = get(app, path);
        }
    }

    @Test
    void aTaskThatRunsWhenTheShopClosesStillHasItsWebServer() throws Exception {
        ConfigurableApplicationContext app = shop(CallsHome.class, "covey.uri=local:" + UUID.randomUUID());
        CallsHome home = app.getBean(CallsHome.class);
        app.getBean(TaskQueue.class).enqueue(CallsHome.CALL_HOME, "/prices/coffee");
        assertThat(home.begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        Thread closing = new Thread(app::close);
        closing.start();
        await().atMost(PATIENCE).until(app::isClosed); // Which it is from the beginning of that.
        home.mayEnd.countDown();
        closing.join(PATIENCE.toMillis());
        assertThat(closing.isAlive()).isFalse();
        assertThat(home.heard).isEqualTo("600");
    }

    private static ConfigurableApplicationContext shop(Class<?> more, String... properties) {
        return new SpringApplicationBuilder(ShopApplication.class, more)
                .registerShutdownHook(false)
                .properties("server.port=0", "server.address=127.0.0.1")
                .run(arguments(properties));
    }

    /** Arguments go before the file of properties. */
    private static String[] arguments(String... properties) {
        return List.of(properties).stream().map(property -> "--" + property).toArray(String[]::new);
    }

    private static String get(ConfigurableApplicationContext app, String path)
            throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(uri(app, path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static String post(ConfigurableApplicationContext app, String path)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(app, path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(202);
        return answer.body();
    }

    private static URI uri(ConfigurableApplicationContext app, String path) {
        return URI.create("http://127.0.0.1:" + app.getEnvironment().getRequiredProperty("local.server.port") + path);
    }

    private static String id(String order) {
        return first("\"id\":\"([^\"]+)\"", order).get(0);
    }

    private static List<Integer> counts(String nodes) {
        return first("\":(\\d+)", nodes).stream().map(Integer::valueOf).toList();
    }

    private static List<String> first(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
