package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.covey.cluster.Cluster;
import io.covey.cluster.NotSecuredException;
import io.covey.cluster.spi.ChannelPattern;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that applications may pass on from their users. */
class NameTricksTest {
    private static Nodes nodes;
    private static Cluster node;

    @BeforeAll
    static void join() {
        nodes = new Nodes();
        node = nodes.joinRemote("node", config -> config.token(Nodes.TOKEN).secured("/admin"));
    }

    @AfterAll
    static void close() {
        nodes.close();
    }

    static Stream<String> tricks() {
        return Stream.of(
                "",
                " ",
                ".. ",
                "a b",
                "{x}",
                "}{",
                "a}b",
                "a\nb",
                "a\r\nSET x y\r\n",
                "a\u0000",
                "a\u001b[31m",
                "cl\u0443ster",
                "cafe\u0301",
                "\u202eretsulc",
                "\uff0fcluster",
                "%2fcluster",
                "a*",
                "a?",
                "[a-z]",
                "a\\b",
                "a'b",
                "a\"b",
                "x".repeat(1 << 20));
    }

    @ParameterizedTest
    @MethodSource("tricks")
    void aNameIsPlainOrRefused(String name) {
        Map<String, Consumer<String>> places = Map.of(
                "cache", n -> node.cache(n, String.class),
                "list", n -> node.list(n, String.class),
                "lock", n -> node.lock(n),
                "semaphore", n -> node.semaphore(n, 1),
                "counters", n -> node.stats(n),
                "kind of owner", n -> node.owners().hold(n, "key", Map.of()),
                "topic", n -> node.topic(n, String.class).publish(""),
                "channel", n -> node.topic("/" + n, String.class).publish(""),
                "channel below", n -> node.topic("/chat/" + n, String.class).publish(""),
                "secured channel", n -> node.bus().publish("/cluster/" + n, 1, new byte[0]));
        places.forEach((place, use) -> assertThatThrownBy(() -> use.accept(name))
                .as(place)
                .satisfies(e -> {
                    assertThat(e).isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class);
                    assertThat(e.getMessage())
                            .hasSizeLessThan(500)
                            .matches("[ -~…]*")
                            .doesNotContain("\n");
                }));
    }

    /** Of characters that are plain elsewhere. */
    @ParameterizedTest
    @ValueSource(
            strings = {"/", "//", "/..", "/.", "/../cluster", "/chat/../cluster/rpc", "/a//b", "/a/", "/a/./b", "a"})
    void aChannelHasOneSpelling(String channel) {
        assertThatThrownBy(() -> node.topic(channel, String.class)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> node.bus().publish("/cluster" + channel, 1, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/cluster",
                "/cluster/rpc",
                "/cluster/**",
                "/cluster/*",
                "/cluster/a/b",
                "/Cluster/rpc",
                "/CLUSTER",
                "/admin",
                "/admin/keys",
                "/admin/**"
            })
    void theSecuredNamespaceIsNoTopic(String channel) {
        assertThatThrownBy(() -> node.topic(channel, String.class).subscribe(message -> {}))
                .isInstanceOf(NotSecuredException.class);
        if (!channel.contains("*")) {
            assertThatThrownBy(() -> node.topic(channel, String.class).publish("x"))
                    .isInstanceOf(NotSecuredException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/clusters", "/cluster-news", "/clusterx/y", "/administration", "/a/cluster/b"})
    void aNeighbourOfTheSecuredNamespaceIsATopic(String channel) {
        node.topic(channel, String.class).publish("x");
        assertThatThrownBy(() -> node.bus().publish(channel, 1, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPatternOfManyStarsIsRefusedAndTheOthersMatchInNoTime() {
        assertThatThrownBy(() -> new ChannelPattern("/*a".repeat(50) + "*b"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChannelPattern("/" + "*".repeat(1000)))
                .isInstanceOf(IllegalArgumentException.class);
        List<ChannelPattern> patterns = Stream.of("/**", "/*", "/a/**", "/" + "a".repeat(150) + "/**")
                .map(ChannelPattern::new)
                .toList();
        String channel = "/" + "a".repeat(10_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long start = threads.getCurrentThreadCpuTime();
            patterns.forEach(pattern -> pattern.matches(channel));
            best = Math.min(best, threads.getCurrentThreadCpuTime() - start);
        }
        assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(10));
    }
}
