package io.covey.cluster.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Secret;
import io.covey.cluster.spi.QueueSettings;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody meets who should not be here, or may only look. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class DashboardSecurityTest {
    private static final String PASSWORD = "canary-3f9a-of-the-operator";
    private static final String TOKEN = "canary-77b2-of-the-nodes-0123";
    private static final String EVIL = "\"><img src=x onerror=alert(1)></script><script>alert(2)</script>\u202e\u0000";
    private static final List<String> READS = List.of(
            "/api/session",
            "/api/overview",
            "/api/queues",
            "/api/active",
            "/api/nodes",
            "/api/failed",
            "/api/recurring",
            "/api/tasks?queue=mail",
            "/api/rooms",
            "/api/locks",
            "/api/backend");
    private static final List<String> CHANGES = List.of(
            "/api/queues/pause",
            "/api/queues/resume",
            "/api/tasks/cancel",
            "/api/recurring/run",
            "/api/failed/retry",
            "/api/failed/drop",
            "/api/failed/retry-all",
            "/api/failed/drop-all",
            "/api/failed/stop");

    private static Cluster cluster;
    private static Dashboard dashboard;
    /** Logged in; a login costs a good tenth of a second of a processor. */
    private static Visitor ada;

    private static Visitor vic;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.join(ClusterConfig.builder("local:dashboard-security")
                .token(Secret.of(TOKEN))
                .build());
        dashboard = Dashboard.on(cluster)
                .port(0)
                .user("ada", PASSWORD, Role.OPERATOR)
                .user("vic", "canary-11c8-of-the-viewer", Role.VIEWER)
                .start();
        ada = login("ada", PASSWORD);
        vic = login("vic", "canary-11c8-of-the-viewer");
        TaskQueue.on(cluster).enqueue(TaskType.of("greet", String.class).on("mail"), EVIL);
    }

    @AfterAll
    static void stop() {
        dashboard.close();
        cluster.close();
    }

    private static Visitor stranger() {
        return new Visitor(dashboard.uri(), cluster);
    }

    private static Visitor login(String name, String password) throws Exception {
        Visitor visitor = stranger();
        assertThat(visitor.login(name, password).status()).isEqualTo(200);
        return visitor;
    }

    static Stream<String> reads() {
        return READS.stream();
    }

    static Stream<String> changes() {
        return CHANGES.stream();
    }

    @Test
    void itIsServedOnTheLoopbackAddress() {
        assertThat(dashboard.uri().getHost()).isEqualTo("127.0.0.1");
        assertThat(dashboard.newPassword()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("reads")
    void nothingOfTheClusterIsShownBeforeTheLogin(String path) throws Exception {
        Visitor.Reply reply = stranger().get(path);
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.body()).doesNotContain("mail");
    }

    @Test
    void whoIsNotLoggedInIsSentToTheLogin() throws Exception {
        assertThat(stranger().get("/").header("Location")).contains("/login");
        assertThat(stranger().get("/events").status()).isEqualTo(401);
        assertThat(stranger().get("/login").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void nothingIsChangedWithoutALogin(String path) throws Exception {
        assertThat(stranger().post(path, Map.of("queue", "mail")).status()).isEqualTo(401);
    }

    @Test
    void aWrongPasswordAnUnknownNameAndAnEmptyOneAreRefusedAlike() throws Exception {
        // Behind a gate of their own, so that they do not slow down the others of this class.
        try (Dashboard other = Dashboard.on(cluster)
                .port(0)
                .user("ada", PASSWORD, Role.OPERATOR)
                .start()) {
            Visitor visitor = new Visitor(other.uri(), cluster);
            for (Map<String, String> form : List.of(
                    Map.of("name", "ada", "password", "something else"),
                    Map.of("name", "nobody", "password", PASSWORD),
                    Map.<String, String>of())) {
                Visitor.Reply reply = visitor.post("/login", form);
                assertThat(reply.status()).isEqualTo(401);
                assertThat(reply.body()).contains("The name or the password is wrong");
                assertThat(reply.header("Set-Cookie")).isEmpty();
            }
        }
    }

    @Test
    void twentyWrongLoginsAreSlowedDownAndNoThreadWaits() throws Exception {
        try (Dashboard other = Dashboard.on(cluster)
                .port(0)
                .user("ada", PASSWORD, Role.OPERATOR)
                .start()) {
            Visitor visitor = new Visitor(other.uri(), cluster);
            List<Integer> answers = IntStream.range(0, 20)
                    .mapToObj(i -> {
                        try {
                            Visitor.Reply reply =
                                    visitor.post("/login", Map.of("name", "ada", "password", "guess " + i));
                            assertThat(reply.header("Retry-After").isPresent()).isEqualTo(reply.status() == 429);
                            return reply.status();
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .toList();
            assertThat(answers).startsWith(401, 401, 401, 401, 401);
            assertThat(answers).contains(429).containsOnly(401, 429);
            assertThat(visitor.get("/login").status())
                    .as("it still answers at once")
                    .isEqualTo(200);
        }
    }

    @Test
    void whoGuessesPasswordsBehindAProxyCannotSayThatHeIsSomebodyElse() throws Exception {
        try (Dashboard other = Dashboard.on(cluster)
                .port(0)
                .behindProxy()
                .user("ada", PASSWORD, Role.OPERATOR)
                .start()) {
            Visitor visitor = new Visitor(other.uri(), cluster);
            List<Integer> answers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Map<String, String> headers = visitor.changing();
                headers.put("X-Forwarded-For", "10.0.0." + i); // his own line
                headers.put("x-forwarded-for", "10.0.1." + i + ", 192.0.2.7"); // the proxy's, after it
                answers.add(visitor.raw("POST /login HTTP/1.1", headers, "name=ada&password=guess")
                        .status());
            }
            assertThat(answers).startsWith(401, 401, 401, 401, 401).contains(429);
            Map<String, String> somebodyElse = visitor.changing();
            somebodyElse.put("X-Forwarded-For", "192.0.2.8");
            assertThat(visitor.raw("POST /login HTTP/1.1", somebodyElse, "name=ada&password=guess")
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void aLoginByThePlainFormOfThePageLeadsIn() throws Exception {
        Visitor visitor = stranger();
        Map<String, String> headers = visitor.changing();
        headers.put("Accept", "text/html,application/xhtml+xml");
        Visitor.Reply in = visitor.raw(
                "POST /login HTTP/1.1", headers, Visitor.encoded(Map.of("name", "ada", "password", PASSWORD)));
        assertThat(in.status()).isEqualTo(303);
        assertThat(in.header("Location")).contains("/");
        assertThat(visitor.get("/").status()).isEqualTo(200);
    }

    @Test
    void aPasswordThatIsShortOrWellKnownCannotBeSet() {
        for (String weak :
                List.of("", "short", "admin", "changeme-changeme", "password123456789", "aaaaaaaaaaaaaaaa")) {
            assertThatThrownBy(() -> Dashboard.on(cluster).user("ada", weak, Role.OPERATOR))
                    .as(weak)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("password of the dashboard");
        }
    }

    @Test
    void withoutUsersThereIsOneWithANewPassword() throws Exception {
        try (Dashboard other = Dashboard.on(cluster).port(0).start();
                Dashboard another = Dashboard.on(cluster).port(0).start()) {
            String made = other.newPassword().orElseThrow();
            assertThat(another.newPassword().orElseThrow()).isNotEqualTo(made);
            assertThat(new Visitor(other.uri(), cluster).login("admin", made).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void otherAddressesAreRefusedWithoutAPasswordThatSomebodyHasChosen() {
        for (String address : List.of("0.0.0.0", "::")) {
            assertThatThrownBy(
                            () -> Dashboard.on(cluster).address(address).port(0).start())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("without a password that you have chosen");
            assertThatThrownBy(() -> Dashboard.on(cluster)
                            .address(address)
                            .port(0)
                            .withoutLogin(Role.VIEWER)
                            .start())
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Dashboard.on(cluster)
                        .port(0)
                        .behindProxy()
                        .withoutLogin(Role.VIEWER)
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("loopback");
    }

    @Test
    void behindAProxyAPasswordThatSomebodyHasChosenIsNeededToo() {
        assertThatThrownBy(() -> Dashboard.on(cluster).port(0).behindProxy().start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without a password that you have chosen");
    }

    @Test
    void aPasswordThatWasMadeIsForOneDashboardAlone() {
        Dashboard.Builder builder = Dashboard.on(cluster).port(0);
        try (Dashboard one = builder.start();
                Dashboard another = builder.start()) {
            assertThat(one.newPassword()).isPresent();
            assertThat(another.newPassword()).isPresent().isNotEqualTo(one.newPassword());
        }
        assertThatThrownBy(() -> builder.address("0.0.0.0").start()).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", ""})
    void aNameThatWasMadeToLeadHereIsRefused(String host) throws Exception {
        Map<String, String> headers = new HashMap<>(ada.headers());
        headers.put("Host", host);
        for (String path : List.of("/", "/login", "/api/queues", "/events")) {
            assertThat(ada.raw("GET " + path + " HTTP/1.1", headers, "").status())
                    .as(path)
                    .isEqualTo(403);
        }
    }

    @Test
    void aNameThatWasAllowedIsServed() throws Exception {
        try (Dashboard other = Dashboard.on(cluster)
                .port(0)
                .host("Covey.Example.org")
                .user("ada", PASSWORD, Role.OPERATOR)
                .start()) {
            Visitor visitor = new Visitor(other.uri(), cluster);
            assertThat(visitor.raw("GET /login HTTP/1.1", Map.of("Host", "covey.example.org:80"), "")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aChangeNeedsTheTokenOfThePageAndOurOrigin() throws Exception {
        String form = Visitor.encoded(Map.of("queue", "mail"));
        String line = "POST /api/queues/pause HTTP/1.1";
        Map<String, String> good = ada.changing();
        for (Map.Entry<String, String> wrong : Map.of(
                        "X-Covey-Csrf", "x".repeat(43),
                        "Origin", "http://evil.example",
                        "Content-Type", "text/plain")
                .entrySet()) {
            Map<String, String> with = new HashMap<>(good);
            with.put(wrong.getKey(), wrong.getValue());
            assertThat(ada.raw(line, with, form).status()).as(wrong.getKey()).isIn(403, 415);
            Map<String, String> without = new HashMap<>(good);
            without.remove(wrong.getKey());
            assertThat(ada.raw(line, without, form).status())
                    .as("no " + wrong.getKey())
                    .isIn(403, 415);
        }
        Map<String, String> opaque = new HashMap<>(good);
        opaque.put("Origin", "null");
        assertThat(ada.raw(line, opaque, form).status()).isEqualTo(403);
        Map<String, String> loginFromElsewhere = new HashMap<>(good);
        loginFromElsewhere.put("Origin", "http://evil.example");
        assertThat(ada.raw("POST /login HTTP/1.1", loginFromElsewhere, form).status())
                .isEqualTo(403);
        assertThat(isPaused()).isFalse();

        assertThat(ada.raw(line, good, form).status()).isEqualTo(200);
        assertThat(isPaused()).isTrue();
        assertThat(ada.post("/api/queues/resume", Map.of("queue", "mail")).status())
                .isEqualTo(200);
        assertThat(isPaused()).isFalse();
    }

    @Test
    void theTokenOfAnotherSessionIsRefused() throws Exception {
        Visitor other = login("ada", PASSWORD);
        Map<String, String> mixed = ada.changing();
        mixed.put("X-Covey-Csrf", other.changing().get("X-Covey-Csrf"));
        assertThat(ada.raw("POST /api/queues/pause HTTP/1.1", mixed, Visitor.encoded(Map.of("queue", "mail")))
                        .status())
                .isEqualTo(403);
    }

    private static boolean isPaused() {
        QueueSettings settings = TaskQueue.on(cluster).queue("mail").settings();
        return settings.paused();
    }

    @ParameterizedTest
    @MethodSource("changes")
    void readingNeverChangesAnything(String path) throws Exception {
        for (String method : List.of("GET", "HEAD")) {
            Visitor.Reply reply = ada.raw(method + " " + path + "?queue=mail HTTP/1.1", ada.changing(), "");
            assertThat(reply.status()).as(method).isEqualTo(404);
        }
        assertThat(ada.raw("PUT " + path + " HTTP/1.1", ada.changing(), "queue=mail")
                        .status())
                .isEqualTo(405);
        assertThat(isPaused()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aViewerMayLookButNotChange(String path) throws Exception {
        assertThat(vic.get("/api/queues").status()).isEqualTo(200);
        assertThat(vic.post(path, Map.of("queue", "mail")).status()).isEqualTo(403);
        assertThat(isPaused()).isFalse();
    }

    @Test
    void everyAnswerCarriesThePolicy() throws Exception {
        List<Visitor.Reply> replies = List.of(
                stranger().get("/"),
                stranger().get("/login"),
                stranger().get("/nothing"),
                stranger().get("/api/queues"),
                ada.get("/"),
                ada.get("/assets/app.js"),
                ada.get("/assets/style.css"),
                ada.get("/api/queues"),
                ada.get("/api/failed?skip=x"));
        for (Visitor.Reply reply : replies) {
            String policy = reply.header("Content-Security-Policy").orElse("");
            assertThat(policy)
                    .contains("default-src 'self'", "script-src 'self'", "frame-ancestors 'none'", "object-src 'none'")
                    .doesNotContain("unsafe");
            assertThat(reply.header("X-Content-Type-Options")).contains("nosniff");
            assertThat(reply.header("X-Frame-Options")).contains("DENY");
            assertThat(reply.header("Referrer-Policy")).contains("same-origin");
            assertThat(reply.header("Cache-Control").orElse("")).matches("no-store|no-cache");
        }
        assertThat(replies.get(8).status()).isEqualTo(400);
    }

    @Test
    void thePagesHaveNoScriptAndNoStyleInThemAndNameNoOtherHost() throws Exception {
        for (String path : List.of("/", "/login")) {
            String html = ada.get(path).body();
            assertThat(html)
                    .doesNotContainPattern("<script(?![^>]* src=)")
                    .doesNotContain("<style", "style=", "onclick", "//");
        }
        for (String script : ada.get("/").body().split("\"")) {
            if (script.startsWith("/assets/")) {
                assertThat(ada.get(script).status()).as(script).isEqualTo(200);
            }
        }
    }

    @Test
    void theCookieIsForThisSiteAlone() throws Exception {
        String cookie = stranger().login("ada", PASSWORD).header("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict").contains("Path=/");
        try (Dashboard other = Dashboard.on(cluster)
                .port(0)
                .behindProxy()
                .user("ada", PASSWORD, Role.OPERATOR)
                .start()) {
            assertThat(new Visitor(other.uri(), cluster)
                            .login("ada", PASSWORD)
                            .header("Set-Cookie")
                            .orElseThrow())
                    .contains("; Secure");
        }
    }

    @Test
    void aLogoutEndsTheSessionOnTheServer() throws Exception {
        Visitor leaving = login("ada", PASSWORD);
        Map<String, String> before = leaving.headers();
        assertThat(ada.raw("GET /api/session HTTP/1.1", before, "").status()).isEqualTo(200);
        assertThat(leaving.post("/logout", Map.of()).status()).isEqualTo(204);
        assertThat(ada.raw("GET /api/session HTTP/1.1", before, "").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/../Dashboard.class",
                "/assets/..%2fDashboard.class",
                "/assets/%2e%2e/%2e%2e/etc/passwd",
                "/assets/..%c0%afDashboard.class",
                "/assets/%c0%ae%c0%ae/Dashboard.class",
                "/assets/..\\Dashboard.class",
                "/assets//etc/passwd",
                "//etc/passwd",
                "/../../../../etc/passwd",
                "/assets/",
                "/assets/app.js%00.html",
                "/io/covey/cluster/dashboard/Dashboard.class"
            })
    void noPathLeadsOutOfTheFiles(String path) throws Exception {
        Visitor.Reply reply = ada.get(path);
        assertThat(reply.status()).isIn(303, 400, 404);
        assertThat(reply.body()).doesNotContain("root:").doesNotContain("\u00ca\u00fe");
    }

    @Test
    void aBodyThatIsTooLongIsRefused() throws Exception {
        assertThat(ada.raw("POST /api/queues/pause HTTP/1.1", ada.changing(), "queue=" + "x".repeat(20_000))
                        .status())
                .isEqualTo(413);
    }

    @Test
    void hostileTextsAreNoMarkupAndNoControlCharacters() throws Exception {
        String body = ada.get("/api/tasks?queue=mail&state=WAITING").body();
        assertThat(body)
                .contains("onerror")
                .doesNotContain("<")
                .doesNotContain("\u202e")
                .doesNotContain("\u0000");
        assertThat(ada.rows("/api/tasks?queue=mail&state=WAITING")
                        .get(0)
                        .get("args")
                        .toString())
                .contains("<img src=x onerror=alert(1)>")
                .contains("\\u{202e}");
    }

    @Test
    void noAnswerTellsASecret() throws Exception {
        Stream<String> paths = Stream.concat(READS.stream(), Stream.of("/", "/login", "/nothing", "/assets/app.js"));
        for (String path : paths.toList()) {
            assertThat(ada.get(path).body()).as(path).doesNotContain("canary-").doesNotContain(TOKEN);
        }
        assertThat(PasswordHash.of(PASSWORD).toString()).isEqualTo("***");
        assertThat(new User("ada", Role.OPERATOR, PasswordHash.of(PASSWORD)).toString())
                .doesNotContain("canary-");
    }

    @Test
    void whatIsSentHalfIsNotWaitedForByOthers() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                Socket socket = stranger().connect();
                slow.add(socket);
                socket.getOutputStream()
                        .write((i % 2 == 0 ? "GET / HTTP/1.1\r\nHost: " : "POST /login HT")
                                .getBytes(StandardCharsets.US_ASCII));
            }
            // In tests they are cut off later than a visitor gives up (pom.xml).
            assertThat(stranger().get("/login").status()).isEqualTo(200);
            assertThat(ada.get("/api/queues").status()).isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }
}
