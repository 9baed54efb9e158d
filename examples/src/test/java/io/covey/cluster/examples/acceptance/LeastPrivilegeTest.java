package io.covey.cluster.examples.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Secret;
import io.covey.cluster.examples.OnBothDrivers;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.spi.TransportConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;

/** Messages, calls, members and owners as a user of the server that may do what docs/security.md lists, and no more. */
@Timeout(180)
final class LeastPrivilegeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Procedure<String, String> GREET =
            Procedure.of("greet", String.class, String.class).within(Duration.ofSeconds(20));

    @OnBothDrivers
    void theRightsThatTheGuideListsAreEnoughAndTheOnesOfAnApplicationAreNot(String scheme) throws Exception {
        try (Backend backend = new Backend(scheme)) {
            RedisServer redis = backend.redis;
            allow(redis, "covey", rights("covey"));
            allow(redis, "web", rights("web"));
            try (Cluster ada = join(redis, scheme, "covey", "ada");
                    Cluster bob = join(redis, scheme, "covey", "bob")) {
                Collection<String> heard = new ConcurrentLinkedQueue<>();
                bob.topic("/app/*", String.class).subscribe(heard::add);
                Rpc.on(bob).serve(GREET, (name, caller) -> "hello " + name);
                bob.owners().hold("connection", "c1", Map.of());
                await().atMost(PATIENCE)
                        .until(() -> ada.members().refresh().size() == 2
                                && bob.members().refresh().size() == 2);
                assertThat(Rpc.on(ada)
                                .call(Target.owner("connection", "c1"), GREET, "ada")
                                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                .value())
                        .isEqualTo("hello ada");
                assertThat(Rpc.on(ada)
                                .callAll(GREET, "all")
                                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                .answers())
                        .isNotEmpty();
                ada.topic("/app/news", String.class).publish("ada");
                await().atMost(PATIENCE).until(() -> heard.contains("ada"));
                assertThatThrownBy(() -> ada.cache("things", String.class).put("k", "v"))
                        .isInstanceOf(ClusterException.class)
                        .hasMessageContaining("NOPERM");
            }
            assertThat(as(redis, "web", "PUBLISH", "covey:0:/app/news", "x")).doesNotContain("NOPERM");
            assertThat(as(redis, "web", "PUBLISH", "covey:0:/cluster/rpc", "x")).contains("NOPERM");
            assertThat(as(redis, "web", "PSUBSCRIBE", "*")).contains("NOPERM");
            assertThat(as(redis, "web", "PSUBSCRIBE", "covey:0:/*")).contains("NOPERM");
            assertThat(as(redis, "web", "EVAL", "return redis.call('PUBLISH', 'covey:0:/cluster/rpc', 'x')", "0"))
                    .containsAnyOf("can't publish", "NOPERM");
            assertThat(redis.command("ACL", "LOG"))
                    .doesNotContain("flush")
                    .doesNotContain("config")
                    .doesNotContain("keys|");
        }
    }

    private static Cluster join(RedisServer redis, String scheme, String user, String name) {
        String uri = scheme + "://" + user + ":s3cret@127.0.0.1:" + redis.port();
        return Cluster.join(ClusterConfig.builder(uri)
                .transport(TransportConfig.of(uri).withTimeouts(PATIENCE, PATIENCE))
                .token(Secret.of("a token of this test 5d1c"))
                .name(name)
                .build());
    }

    private static void allow(RedisServer redis, String user, String[] rights) {
        String[] words = Stream.concat(
                        Stream.of("ACL", "SETUSER", user, "reset", "on", ">s3cret"), Arrays.stream(rights))
                .toArray(String[]::new);
        assertThat(redis.command(words)).isEqualTo("OK");
    }

    /** What follows {@code user NAME} in the block of the guide. */
    private static String[] rights(String user) throws IOException {
        String guide = Files.readString(Path.of(System.getProperty("covey.test.root"), "docs", "security.md"));
        int start = guide.indexOf("user " + user + " on ");
        assertThat(start).as("the rights of %s in the guide", user).isNotNegative();
        String block = guide.substring(start, guide.indexOf("\n\n", start)).replace("```", "");
        return Arrays.stream(block.split("\\s+"))
                .skip(4)
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new);
    }

    private static String as(RedisServer redis, String user, String... words) throws IOException {
        return PlainClient.ask(redis.port(), user, "s3cret", words);
    }
}
