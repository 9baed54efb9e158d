package io.covey.cluster.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.Codec;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tck.Chromium;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page in a real browser, on a Redis full of names that somebody made to do harm. */
@Tag("long")
@Timeout(900)
final class DashboardBrowserTest {
    private static final String PASSWORD = "canary-5d21-of-the-operator";
    private static final String REDIS_PASSWORD = "canary-8e44-of-redis";
    private static final String HUGE = "x".repeat(1 << 20);
    /** What is in the page's menu, and one queue. */
    static final List<String> VIEWS = List.of(
            "",
            "queues",
            "queues/mail",
            "running",
            "delayed",
            "recurring",
            "failed",
            "processes",
            "locks",
            "rooms",
            "backend");

    private static final List<String> EVIL = List.of(
            "\"><img src=x onerror=alert(1)>",
            "</script><script>alert(2)</script>",
            "javascript:alert(3)",
            "<svg/onload=alert(4)>",
            "<style>*{display:none}</style><link rel=stylesheet href=http://evil.example/a.css>",
            "\u202egnp.exe \u0000\u0007\u001b[31m\r\n",
            "a\u0301".repeat(300),
            HUGE);

    private static RedisServer redis;
    private static Cluster cluster;
    private static Dashboard dashboard;
    private static Chromium browser;

    @BeforeAll
    @SuppressWarnings("unchecked")
    static void start() throws Exception {
        redis = RedisServer.builder().password(REDIS_PASSWORD).start();
        cluster = Cluster.join(redis.uri().replaceFirst("redis", "redis+lettuce"));
        browser = Chromium.start((Codec<Map<String, Object>>) (Codec<?>) cluster.codec(Map.class));
        dashboard = Dashboard.on(cluster)
                .port(0)
                .interval(Duration.ofMillis(500))
                .user("ada", PASSWORD, Role.OPERATOR)
                .start();
        fill();
    }

    @AfterAll
    static void stop() throws Exception {
        if (dashboard != null) {
            dashboard.close();
        }
        if (browser != null) {
            browser.close();
        }
        cluster.close();
        redis.close();
    }

    /** As somebody who can write to Redis would. */
    private static void fill() {
        TaskQueue.on(cluster).enqueue(TaskType.of("greet", String.class).on("mail"), EVIL.get(0));
        for (String evil : EVIL) {
            String text = Json.text(evil);
            redis.command("SADD", "resque:queues", evil);
            redis.command(
                    "RPUSH",
                    "resque:queue:mail",
                    "{\"class\":" + text + ",\"queue\":\"mail\",\"args\":[" + text + "]}");
            redis.command(
                    "RPUSH",
                    "resque:failed",
                    "{\"worker\":" + text + ",\"queue\":" + text + ",\"payload\":{\"class\":" + text + ",\"queue\":"
                            + text
                            + ",\"args\":[" + text + "]},\"exception\":" + text + ",\"error\":" + text
                            + ",\"backtrace\":[" + text
                            + "],\"failed_at\":\"2026-01-01T00:00:00Z\",\"earlier\":[{\"worker\":"
                            + text + ",\"at\":\"2026-01-01T00:00:00Z\",\"error\":" + text + "}]}");
            redis.command("SADD", "resque:workers", evil.replace(":", "") + ":1:" + evil.replace(":", ""));
            redis.command(
                    "SET",
                    "resque:worker:" + evil.replace(":", "") + ":1:" + evil.replace(":", ""),
                    "{\"run_at\":\"2026-01-01T00:00:00Z\",\"queue\":" + text + ",\"worker\":" + text
                            + ",\"payload\":{\"class\":" + text + ",\"queue\":" + text + ",\"args\":[" + text + "]}}");
            redis.command("HSET", "covey:{members}/rows/room:" + evil, "m", "\n{}");
            redis.command("ZADD", "covey:{members}/groups", "0", "room:" + evil);
            redis.command("SET", "covey:{lock/" + evil + "}", evil + "|1", "PX", "600000");
            redis.command("HSET", "covey:{resque:queue:mail}/schedules", evil, evil);
            redis.command("ZADD", "covey:{resque:queue:mail}/due", "4102444800000", evil);
        }
    }

    private static void until(Chromium.Page page, String expression) {
        Awaitility.await(expression)
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> Boolean.TRUE.equals(page.eval(expression)));
    }

    private static Chromium.Page login() throws Exception {
        Chromium.Page page = browser.open(dashboard.uri().toString());
        page.screen(1280, 800, false, false);
        // Who has logged in before is let in.
        Awaitility.await()
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> {
                    if (Boolean.TRUE.equals(page.eval("!!document.querySelector('.tile')"))) {
                        return true;
                    }
                    page.eval(
                            "if (document.getElementById('form') && !document.querySelector('#form button').disabled) {"
                                    + "document.getElementById('name').value = 'ada';"
                                    + "document.getElementById('password').value = '" + PASSWORD + "';"
                                    + "document.getElementById('form').requestSubmit(); }");
                    return false;
                });
        until(page, "document.getElementById('pulse').dataset.state === 'live'");
        return page;
    }

    private static void assertUnharmed(Chromium.Page page, String where) throws Exception {
        assertThat(page.dialogs()).as(where).isEmpty();
        assertThat(page.requests())
                .as(where)
                .allMatch(url -> url.startsWith(dashboard.uri().toString()) || url.equals("about:blank"));
        assertThat(
                        page.eval(
                                "document.querySelectorAll('main img, main script, main style, main link, main iframe, #view a[href^=\"javascript\"]').length"))
                .as(where)
                .isEqualTo(0);
        assertThat(page.eval("document.documentElement.scrollWidth <= innerWidth"))
                .as(where + ": nothing sticks out")
                .isEqualTo(true);
        assertThat(
                        page.eval(
                                "Math.max(0, ...[...document.querySelectorAll('tbody tr')].map((row) => row.offsetHeight)) < 700"))
                .as(where + ": no row is higher than a screen")
                .isEqualTo(true);
        assertThat(page.eval("document.body.textContent.includes('canary-')"))
                .as(where)
                .isEqualTo(false);
    }

    @Test
    void theFormOfTheLoginNeedsNoScript() throws Exception {
        try (Dashboard other = Dashboard.on(cluster)
                .port(0)
                .user("ada", PASSWORD, Role.OPERATOR)
                .start()) {
            Chromium.Page page = browser.open(other.uri() + "login");
            until(page, "!!document.getElementById('form')");
            page.eval("document.getElementById('name').value = 'ada';"
                    + "document.getElementById('password').value = '" + PASSWORD + "';"
                    + "document.getElementById('form').submit();"); // which asks no script
            until(page, "!!document.querySelector('.tile')");
        }
    }

    @Test
    void whereNobodyLogsInTheLoginLeadsOn() throws Exception {
        try (Dashboard open =
                Dashboard.on(cluster).port(0).withoutLogin(Role.VIEWER).start()) {
            for (String path : List.of("", "login")) {
                until(browser.open(open.uri() + path), "!!document.querySelector('.tile')");
            }
        }
    }

    @Test
    void noNameRunsOrBreaksTheLayoutInAnyView() throws Exception {
        Chromium.Page page = login();
        for (String view : VIEWS) {
            page.eval("location.hash = '#/" + view + "'");
            until(
                    page,
                    "document.querySelectorAll('tbody tr, .facts dd, .tile, div:not([hidden]) > .empty').length > 0");
            for (int width : new int[] {1280, 360}) {
                page.screen(width, 800, width < 500, width < 500);
                assertUnharmed(page, "view " + view + " at " + width);
            }
            page.screen(1280, 800, false, false);
        }
        page.eval("location.hash = '#/failed'");
        until(page, "document.querySelectorAll('button.link').length === " + EVIL.size());
        for (int i = 0; i < EVIL.size(); i++) {
            page.eval("document.querySelectorAll('button.link')[" + i + "].click()");
            until(page, "!!document.querySelector('dialog[open]')");
            assertUnharmed(page, "failed task " + i);
            page.eval("document.querySelector('dialog').close()");
            until(page, "!document.querySelector('dialog')");
        }
        assertThat(page.complaints())
                .filteredOn(text -> !text.contains("/api/session")) // the login asks whether it is needed
                .as("no error, and nothing that the policy had to stop")
                .isEmpty();
        assertThat(page.eval("const s = document.createElement('script'); s.textContent = 'window.pwned = 1';"
                        + "document.body.append(s); typeof window.pwned"))
                .as("the policy lets no script in the page run")
                .isEqualTo("undefined");
    }

    @Test
    void itIsUsedWithTheKeyboardAlone() throws Exception {
        Chromium.Page page = login();
        page.press("Tab", 9);
        until(page, "document.activeElement.classList.contains('skip')");
        page.eval("location.hash = '#/queues'");
        until(page, "[...document.querySelectorAll('.act button')].some((b) => b.textContent === 'Pause')");
        for (int i = 0; i < 60; i++) {
            page.press("Tab", 9);
            if (Boolean.TRUE.equals(page.eval("document.activeElement.textContent === 'Pause'"))) {
                break;
            }
        }
        assertThat(page.eval("getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");
        assertThat(page.eval("!!document.activeElement.getAttribute('aria-label')"))
                .isEqualTo(true);
        page.eval("document.activeElement.click()");
        until(page, "document.activeElement.closest('dialog') !== null");
        page.eval("[...document.querySelectorAll('dialog button')].find((b) => b.value === 'yes').click()");
        until(page, "document.querySelector('tbody').textContent.includes('paused')");
        assertThat(TaskQueue.on(cluster).queue("mail").settings().paused()).isTrue();
        TaskQueue.on(cluster).queue("mail").resume();
    }

    @Test
    void aRedisThatIsGoneIsSaidAndItGoesOnWhenItIsBack() throws Exception {
        Chromium.Page page = login();
        redis.pause();
        try {
            until(page, "document.getElementById('pulse').dataset.state === 'down'");
            until(page, "!document.getElementById('banner').hidden");
            assertThat(page.eval("document.getElementById('banner').textContent"))
                    .asString()
                    .contains("does not answer");
        } finally {
            redis.resume();
        }
        until(
                page,
                "document.getElementById('pulse').dataset.state === 'live' && document.getElementById('banner').hidden");
    }

    @Test
    void aThousandQueuesAndAMillionFailedTasksAreAsQuickAsFew() throws Exception {
        try (RedisServer full = RedisServer.start();
                Cluster other = Cluster.join(full.uri().replaceFirst("redis", "redis+lettuce"));
                Dashboard busy =
                        Dashboard.on(other).port(0).withoutLogin(Role.OPERATOR).start()) {
            for (int i = 0; i < 1000; i++) {
                full.command("SADD", "resque:queues", "queue-" + i);
                full.command(
                        "RPUSH",
                        "resque:queue:queue-" + i,
                        "{\"class\":\"t\",\"queue\":\"queue-" + i + "\",\"args\":[1]}");
            }
            for (int part = 0; part < 10; part++) {
                full.command(
                        "EVAL",
                        "for i = ARGV[1] * 100000 + 1, (ARGV[1] + 1) * 100000 do redis.call('RPUSH', KEYS[1], "
                                + "string.format('{\"worker\":\"w\",\"queue\":\"mail\",\"payload\":{\"class\":\"t\",\"queue\":"
                                + "\"mail\",\"args\":[%d]},\"exception\":\"E\",\"error\":\"e%d\",\"backtrace\":[],"
                                + "\"failed_at\":\"2026-01-01T00:00:00Z\"}', i, i)) end return 1",
                        "1",
                        "resque:failed",
                        Integer.toString(part));
            }
            Chromium.Page page = browser.open(busy.uri().toString());
            page.screen(1280, 800, false, false);
            until(page, "document.querySelector('.tile.alarm .number')?.textContent === '1M'");
            page.eval("location.hash = '#/queues'");
            until(page, "document.querySelector('.pager')?.textContent.includes('1,000 queues')");
            assertThat(page.eval("document.querySelectorAll('tbody tr').length"))
                    .isEqualTo(25);
            page.eval("location.hash = '#/failed'");
            until(page, "document.querySelector('.pager')?.textContent.includes('of 1,000,000')");
            assertThat(page.eval("document.querySelectorAll('tbody tr').length"))
                    .isEqualTo(25);
            page.eval(
                    "const e = document.querySelectorAll('.filters input')[2]; e.value = 'e1000000'; e.dispatchEvent(new Event('input'))");
            until(page, "document.querySelector('.pager').textContent.includes('1 found among 2,000 looked at')");
            assertThat(page.dialogs()).isEmpty();
        }
    }
}
