package io.covey.cluster.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.Codec;
import io.covey.cluster.examples.Jvm;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tck.Chromium;
import java.io.BufferedReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page of the chat in a real browser: two tabs on two processes, one of which is killed. */
@Tag("long")
@Timeout(600)
final class ChatBrowserTest {
    private static final String EVIL = "<img src=x onerror=\"window.pwned=1\">";
    private static final String WORSE = "<script>window.pwned=1</script>\"'><svg onload=window.pwned=1>";
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    private String start(RedisServer redis, String token) throws Exception {
        ProcessBuilder builder = Jvm.process(ChatNode.class, redis.uri().replaceFirst("redis", "redis+lettuce"), "0");
        builder.environment().put("COVEY_TOKEN", token);
        Process process = builder.start();
        processes.add(process);
        BufferedReader lines = process.inputReader();
        return lines.readLine();
    }

    private static void enter(Chromium.Page page, String name) throws Exception {
        await(page, "document.readyState === 'complete' && !!document.getElementById('enter')");
        page.eval("document.getElementById('name').value = " + quoted(name)
                + "; document.getElementById('enter').requestSubmit()");
    }

    private static void say(Chromium.Page page, String text) throws Exception {
        page.eval("document.getElementById('text').value = " + quoted(text)
                + "; document.getElementById('say').requestSubmit()");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("</", "<\\/") + "'";
    }

    private static void await(Chromium.Page page, String expression) {
        Awaitility.await(expression)
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> Boolean.TRUE.equals(page.eval(expression)));
    }

    /** What the page shows, in its order. */
    private static String texts(String selector) {
        return "JSON.stringify([...document.querySelectorAll('" + selector + "')].map((e) => e.textContent))";
    }

    private static void awaitTexts(Chromium.Page page, String selector, String... expected) {
        String wanted = "JSON.stringify(["
                + String.join(
                        ",",
                        List.of(expected).stream().map(ChatBrowserTest::quoted).toList()) + "])";
        await(page, texts(selector) + " === " + wanted);
    }

    @Test
    @SuppressWarnings("unchecked")
    void twoTabsOnTwoNodesTalkAndOneGoesOnWhenItsNodeIsKilled() throws Exception {
        try (Cluster here = Cluster.join("local:browser");
                Chromium browser = Chromium.start((Codec<Map<String, Object>>) (Codec<?>) here.codec(Map.class));
                RedisServer redis = RedisServer.start()) {
            String token = UUID.randomUUID().toString();
            String one = start(redis, token);
            String two = start(redis, token);
            Chromium.Page ada = browser.open(one);
            Chromium.Page bob = browser.open(two);
            enter(ada, "ada");
            enter(bob, EVIL);
            for (Chromium.Page page : List.of(ada, bob)) {
                awaitTexts(page, "#members li", EVIL, "ada");
            }

            say(ada, "hello");
            awaitTexts(bob, "#lines p", "hello");
            say(bob, WORSE);
            for (Chromium.Page page : List.of(ada, bob)) {
                awaitTexts(page, "#lines p", "hello", WORSE);
                awaitTexts(page, "#lines .name", "ada", EVIL);
            }

            bob.reload();
            awaitTexts(bob, "#lines p", "hello", WORSE);
            awaitTexts(bob, "#members li", EVIL, "ada");
            for (Chromium.Page page : List.of(ada, bob)) {
                assertThat(page.eval("typeof window.pwned + document.querySelectorAll('img, svg, main script').length"))
                        .isEqualTo("undefined0");
                assertThat(page.eval("const s = document.createElement('script'); s.textContent = 'window.pwned = 1';"
                                + "document.body.append(s); typeof window.pwned"))
                        .as("the policy lets no script in the page run")
                        .isEqualTo("undefined");
            }

            processes.get(0).destroyForcibly().waitFor();
            say(bob, "are you still there?");
            await(ada, "document.getElementById('state').textContent === 'connected to " + two + "'");
            awaitTexts(ada, "#lines p", "hello", WORSE, "are you still there?");
            say(ada, "on another node");
            awaitTexts(bob, "#lines p", "hello", WORSE, "are you still there?", "on another node");
            for (Chromium.Page page : List.of(ada, bob)) {
                awaitTexts(page, "#members li", EVIL, "ada");
                assertThat(page.eval(texts("#lines .note"))).isEqualTo("[]");
            }
        }
    }
}
