package io.covey.cluster.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Secret;
import io.covey.cluster.examples.OnBothDrivers;
import io.covey.cluster.redis.embedded.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The chat as a browser's requests see it; {@link ChatBrowserTest} has the page. */
@Timeout(120)
final class ChatServerTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static RedisServer redis;
    private final String namespace = "t" + UUID.randomUUID();
    private final Secret token = Secret.of(UUID.randomUUID().toString());

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    private ChatServer start(String scheme) throws IOException {
        String uri = scheme.equals("local") ? "local:" + namespace : redis.uri().replaceFirst("redis", scheme);
        return ChatExample.start(ClusterConfig.builder(uri).namespace(namespace).token(token), 0);
    }

    private static int say(ChatServer server, String me, String name, String text) throws Exception {
        return HTTP.send(
                        HttpRequest.newBuilder(
                                        URI.create(server.url() + "/rooms/lobby/lines?me=" + me + "&name=" + name))
                                .POST(BodyPublishers.ofString(text))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void whoIsOnDifferentNodesTalksAndComesBackToWhatWasSaid() throws Exception {
        talk("local");
    }

    @OnBothDrivers
    @Tag("long")
    void whoIsOnDifferentNodesTalksAndComesBackToWhatWasSaidOnRedis(String scheme) throws Exception {
        talk(scheme);
    }

    private void talk(String scheme) throws Exception {
        try (ChatServer one = start(scheme);
                ChatServer two = start(scheme)) {
            String after;
            try (EventReader ada = EventReader.open(one, "ada-ada-ada", "ada", "")) {
                ada.await("members", "[{\"id\":\"ada-ada-ada\",\"name\":\"ada\"}]");
                ada.await("nodes", two.url());
                try (EventReader bob = EventReader.open(two, "bob-bob-bob", "bob", "")) {
                    bob.await("members", "ada-ada-ada");
                    ada.await("joined", "bob-bob-bob");
                    assertThat(say(one, "ada-ada-ada", "ada", "<b>é\n\"hi\"</b>"))
                            .isEqualTo(204);
                    after = bob.await("line", "\"text\":\"<b>é\\n\\\"hi\\\"</b>\"");
                    assertThat(ada.await("line", "<b>")).isEqualTo(after).isNotEmpty();
                }
                ada.await("left", "bob-bob-bob");
            }
            assertThat(say(two, "bob-bob-bob", "bob", "he has left")).isEqualTo(409);
            try (EventReader bob = EventReader.open(two, "bob-bob-bob", "bob", "")) {
                bob.await("line", "<b>");
                assertThat(say(two, "bob-bob-bob", "bob", "while ada is away")).isEqualTo(204);
                bob.await("line", "while ada is away");
            }
            try (EventReader back = EventReader.open(two, "ada-ada-ada", "ada", "&after=" + after);
                    EventReader cleo = EventReader.open(one, "cleo-cleo-cleo", "cleo", "")) {
                back.await("line", "while ada is away");
                assertThat(back.seen("line", "<b>")).isFalse();
                say(two, "ada-ada-ada", "ada", "back again");
                back.await("line", "back again");
                assertThat(back.seen("gap", "")).isFalse();
                cleo.await("line", "<b>");
                cleo.await("line", "while ada is away");
            }
        }
    }

    private static HttpResponse<String> ask(ChatServer server, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void whatDoesNotFitIsRefused() throws Exception {
        try (ChatServer server = start("local")) {
            HttpResponse<String> page = ask(server, "/");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .startsWith(
                            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src http://127.0.0.1:*;");
            assertThat(page.body()).doesNotContain("onclick", "<script>", "style=");
            assertThat(ask(server, "/chat.js").body()).doesNotContain("innerHTML", "insertAdjacent", "eval(");
            assertThat(ask(server, "/chat.css").statusCode()).isEqualTo(200);
            for (String path : new String[] {"/chat.html", "/../pom.xml", "/rooms/a%2Fb/lines", "/rooms/x/other"}) {
                assertThat(ask(server, path).statusCode()).as(path).isEqualTo(404);
            }
            assertThat(ask(server, "/rooms/lobby/lines?me=ada-ada-ada&name=ada").statusCode())
                    .isEqualTo(405);
            for (String who : new String[] {
                "",
                "me=ada-ada-ada",
                "me=ada-ada-ada&name=%20",
                "me=a&name=ada",
                "me=%3Cb%3E-------&name=ada",
                "me=ada-ada-ada&name=" + "x".repeat(41),
                "me=ada-ada-ada&name=ada&after=never"
            }) {
                assertThat(ask(server, "/rooms/lobby/events?" + who).statusCode())
                        .as(who)
                        .isEqualTo(400);
            }
            for (String text : new String[] {"", " \n", "x".repeat(1001), "é".repeat(3000)}) {
                assertThat(say(server, "ada-ada-ada", "ada", text)).isEqualTo(400);
            }
            assertThat(ask(server, "/", "Origin", "http://127.0.0.1:1").statusCode())
                    .isEqualTo(200);
            for (String origin : new String[] {"http://example.org", "null", "http://127.0.0.1.example.org:80"}) {
                assertThat(ask(server, "/", "Origin", origin).statusCode()).isEqualTo(403);
            }
        }
    }
}
