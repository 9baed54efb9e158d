package io.covey.cluster.dashboard;

import io.covey.cluster.Codec;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tck.Chromium;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;

/** Takes pictures of a dashboard at work. {@code docs/dashboard.md} says how to run it. */
final class Pictures {
    private final Path folder;
    private final Chromium.Page page;

    private Pictures(Path folder, Chromium.Page page) {
        this.folder = folder;
        this.page = page;
    }

    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args[0]));
        Duration warmUp = Duration.ofSeconds(args.length > 1 ? Long.parseLong(args[1]) : 60);
        try (RedisServer redis = RedisServer.start();
                Sample sample = new Sample(redis.uri().replaceFirst("redis", "redis+lettuce"));
                Chromium browser = Chromium.start(json(sample))) {
            Dashboard dashboard = Dashboard.on(sample.node())
                    .port(0)
                    .user("ada", "correct horse battery", Role.OPERATOR)
                    .start();
            Chromium.Page page = browser.open(dashboard.uri().toString());
            Pictures pictures = new Pictures(folder, page);
            pictures.screen(1280, 800, false, false);
            pictures.until("!!document.getElementById('form')");
            pictures.take("login");
            page.eval("document.getElementById('name').value = 'ada';"
                    + "document.getElementById('password').value = 'correct horse battery';"
                    + "document.getElementById('form').requestSubmit()");
            pictures.until("!!document.querySelector('.tile')");
            long start = System.nanoTime();
            Awaitility.await().atMost(warmUp.plusSeconds(60)).until(() -> System.nanoTime() - start > warmUp.toNanos());
            pictures.views();
        }
    }

    @SuppressWarnings("unchecked")
    private static Codec<Map<String, Object>> json(Sample sample) {
        return (Codec<Map<String, Object>>) (Codec<?>) sample.node().codec(Map.class);
    }

    private void views() throws Exception {
        for (String view : DashboardBrowserTest.VIEWS) {
            String name = view.isEmpty() ? "overview" : view.replace('/', '-');
            page.eval("location.hash = '#/" + view + "'");
            until("document.querySelectorAll('tbody tr, .facts dd, .tile, div:not([hidden]) > .empty').length > 0");
            settle();
            screen(1280, 800, false, false);
            take(name + "-light");
            screen(1280, 800, false, true);
            take(name + "-dark");
            screen(360, 740, true, false);
            take(name + "-phone");
            screen(1280, 800, false, false);
        }
        page.eval("location.hash = '#/failed'");
        until("!!document.querySelector('button.link')");
        page.eval("document.querySelector('button.link').click()");
        until("!!document.querySelector('dialog[open]')");
        take("failed-one");
    }

    private void screen(int width, int height, boolean phone, boolean dark) throws Exception {
        page.screen(width, height, phone, dark);
    }

    private void until(String expression) {
        Awaitility.await(expression)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> Boolean.TRUE.equals(page.eval(expression)));
    }

    /** Two pictures of the cluster later the view has what it shows. */
    private void settle() throws Exception {
        page.eval("new Promise((done) => setTimeout(done, 4500))");
    }

    private void take(String name) throws Exception {
        page.eval("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300)))");
        Files.write(folder.resolve(name + ".png"), SmallPng.of(page.picture()));
    }
}
