package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.RefusedException;
import io.covey.cluster.redis.driver.RedisDriverFactory;
import io.covey.cluster.redis.embedded.RedisCluster;
import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.spi.TransportConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bridge to actionhero on a cluster of servers and as a user with the rights of the manual, for each driver. */
@Timeout(180)
public abstract class ActionheroPlacesContract {
    private static final String TOKEN = "the-token-of-the-fleet";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What opens the drivers under test. */
    protected abstract RedisDriverFactory drivers();

    @Test
    @Tag("long")
    final void onARedisClusterCallsAndChatGoBothWays() throws Exception {
        try (RedisCluster servers = RedisCluster.start()) {
            callsAndChatGoBothWays(at(servers.uri()));
        }
    }

    @Test
    final void aUserWithTheRightsOfTheManualCallsAndChats() throws Exception {
        try (RedisServer server = RedisServer.start()) {
            TransportConfig config = AppUser.of(at(server.uri()), false, List.of(server), "covey:*");
            server.command("ACL", "SETUSER", config.namespace(), "~actionhero:*", "&actionhero");
            callsAndChatGoBothWays(config);
            try (Cluster node = join(config, "guest")) {
                assertThat(Actionhero.on(node, ActionheroFormat.V29).rooms().members("nobody"))
                        .isEmpty();
            }
        }
    }

    @Test
    final void aUserWithoutARightToTheChannelIsToldSoWhenTheBridgeIsOpened() {
        try (RedisServer server = RedisServer.start()) {
            TransportConfig config = AppUser.of(at(server.uri()), false, List.of(server), "covey:*");
            try (Cluster node = join(config, "one")) {
                assertThatThrownBy(() -> open(node, "one"))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("NOPERM")
                        .hasMessageContaining("actionhero");
            }
        }
    }

    private void callsAndChatGoBothWays(TransportConfig config) throws Exception {
        try (Cluster one = join(config, "one");
                Cluster two = join(config, "two");
                ActionheroBridge here = open(one, "one");
                ActionheroBridge there = open(two, "two")) {
            here.serve("api.double", request -> request.arg(0, Integer.class) * 2);
            there.serve("api.half", request -> request.arg(0, Integer.class) / 2);
            assertThat(answer(there, "api.double", 21)).contains(42);
            assertThat(answer(here, "api.half", 42)).contains(21);
            Actionhero.on(one, ActionheroFormat.V29).rooms().add("lobby");
            here.hold("c1");
            assertThat(here.chat().join("c1", "lobby")).isTrue();
            assertThat(Actionhero.on(two, ActionheroFormat.V29).rooms().members("lobby"))
                    .hasSize(1);
            Queue<String> heard = new ConcurrentLinkedQueue<>();
            there.chat().listen(message -> heard.add(message.from() + " in " + message.room()));
            here.chat().broadcast("c1", "lobby", "hello");
            ActionheroChannel.eventually().until(() -> heard.contains("c1 in lobby"));
        }
    }

    private static Optional<Integer> answer(ActionheroBridge bridge, String method, int argument) throws Exception {
        return bridge.call(method).with(argument).answer(Integer.class).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static ActionheroBridge open(Cluster node, String id) {
        return Actionhero.on(node, ActionheroFormat.V29)
                .bridge(TOKEN)
                .id(id)
                .timeout(PATIENCE)
                .open();
    }

    private Cluster join(TransportConfig config, String name) {
        return Cluster.join(ClusterConfig.builder(config.uri())
                .transport(config)
                .transport(RedisTransport.open(config, drivers()))
                .name(name)
                .build());
    }

    private static TransportConfig at(String uri) {
        return TransportConfig.of(uri).withTimeouts(PATIENCE, PATIENCE);
    }
}
