package io.covey.cluster.redis;

import static io.covey.cluster.redis.InteropScene.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.covey.cluster.Registration;
import io.covey.cluster.TransportTimeoutException;
import io.covey.cluster.redis.ActionheroChat.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** doCluster and chat with the real actionhero 29.3.5 and 9.4.1, both ways. */
public abstract class NodeBridgeContract extends InteropScenes {
    private static final String TOKEN = "the-token-of-the-fleet";

    private NodeProcess hero29(String id) {
        return scene.node(
                "actionhero-29",
                "{\"scheduler\":false,\"processors\":[0,0],\"rpcTimeout\":1500,\"id\":\"" + id + "\",\"token\":\""
                        + TOKEN + "\"}");
    }

    private NodeProcess hero9(String id) {
        return scene.node("actionhero-9", "{\"rpcTimeout\":1500,\"id\":\"" + id + "\",\"token\":\"" + TOKEN + "\"}");
    }

    private ActionheroBridge bridge(ActionheroFormat format) {
        return Actionhero.on(scene.cluster(), format)
                .bridge(TOKEN)
                .id("java")
                .timeout(Duration.ofMinutes(1))
                .open();
    }

    private Actionhero data() {
        return Actionhero.on(scene.cluster(), ActionheroFormat.V29);
    }

    private static String text(Object tree) {
        return new String(JsonWriter.canonical(tree), UTF_8);
    }

    private static <R> Optional<R> answer(ActionheroCall call, Class<R> type) throws Exception {
        return call.answer(type).get(90, TimeUnit.SECONDS);
    }

    private String kept(String room, String connection) {
        return scene.redis.command("HGET", "actionhero:chatRoom:members:" + room, connection);
    }

    /** Says what it hears and what happens to the connections held here. */
    private static Queue<String> heardBy(ActionheroBridge bridge) {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        bridge.chat().listen(new ActionheroChat.Listener() {
            @Override
            public void onMessage(Message message) {
                heard.add(message.room() + " " + message.from() + " "
                        + message.message().json() + " " + message.server());
            }

            @Override
            public void onJoined(String connectionId, String room) {
                heard.add(connectionId + " joined " + room);
            }

            @Override
            public void onLeft(String connectionId, String room) {
                heard.add(connectionId + " left " + room);
            }
        });
        return heard;
    }

    /** What the client of a node's connection was sent. */
    private static String awaitSaid(NodeProcess node, String connection, String message) {
        eventually()
                .until(() -> node.events("said").stream()
                        .anyMatch(said -> said.get("connection").equals(connection)
                                && text(said.get("message")).contains(message)));
        return node.events("said").stream()
                .map(said -> text(said.get("message")))
                .filter(said -> said.contains(message))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachCallsTheOtherIn29() throws Exception {
        NodeProcess one = hero29("one");
        NodeProcess two = hero29("two");
        try (ActionheroBridge bridge = bridge(ActionheroFormat.V29)) {
            bridge.serve("api.java.add", request -> request.arg(0, Integer.class) + request.arg(1, Integer.class));
            bridge.serve("api.java.nothing", request -> null);
            bridge.serve("api.java.broken", request -> {
                throw new IllegalStateException("broken");
            });
            assertThat(text(one.call("hero", "doCluster", "[\"api.java.add\",[1,2],null,true]")))
                    .isEqualTo("3");
            assertThat(one.call("hero", "doCluster", "[\"api.java.nothing\",[],null,true]"))
                    .isNull();
            long refused = bridge.counts().refused();
            for (String method : List.of("api.java.broken", "api.java.shutdown")) {
                assertThatThrownBy(() -> one.call("hero", "doCluster", "[\"" + method + "\",[],null,true]"))
                        .hasMessageContaining("RPC Timeout");
            }
            assertThat(bridge.counts().failed()).isEqualTo(1);
            assertThat(bridge.counts().refused()).isEqualTo(refused + 1);

            String odd =
                    "[\"é/\\u2028</>\\u0001\\ud83d\\udcbe\",1.5,{\"b\":1,\"a\":[],\"10\":{},\"2\":null},true,null]";
            List<?> args = (List<?>) Json.read(odd.getBytes(UTF_8));
            ActionheroValue third = new ActionheroValue(scene.cluster(), args.get(2), "the third");
            assertThat(text(new ActionheroValue(
                                    scene.cluster(),
                                    Json.read(text(one.call(
                                                    "hero", "doCluster", "[\"api.covey.echo\"," + odd + ",null,true]"))
                                            .getBytes(UTF_8)),
                                    "the answer")
                            .tree()))
                    .isEqualTo(text(args));
            assertThat(answer(bridge.call("api.covey.echo").with("é", 1.5, third, true, null), Object[].class)
                            .orElseThrow())
                    .hasSize(5)
                    .startsWith("é", 1.5);
            assertThat(answer(bridge.call("api.covey.nothing"), Object.class)).isEmpty();
            bridge.call("api.covey.mark").with("from java").send().get(60, TimeUnit.SECONDS);
            eventually().until(() -> scene.list("ledger").equals(List.of("from java", "from java")));
            bridge.call("api.log").with("hello from java").send().get(60, TimeUnit.SECONDS);

            one.call("hero", "connect", "[\"c1\"]");
            two.call("hero", "connect", "[\"c2\"]");
            assertThat(answer(bridge.call("api.covey.who").to("c1"), String.class))
                    .contains("one");
            assertThat(answer(bridge.call("api.covey.who").to("c2"), String.class))
                    .contains("two");
            assertThatThrownBy(() -> answer(
                            bridge.call("api.covey.who").to("nobody").within(Duration.ofMillis(500)), String.class))
                    .hasRootCauseInstanceOf(TransportTimeoutException.class);
            Map<?, ?> there = answer(
                            bridge.call("api.connections.applyResponder")
                                    .with("c2", "sendMessage", Map.of("hi", 1))
                                    .to("c2"),
                            Map.class)
                    .orElseThrow();
            assertThat(there.get("id")).isEqualTo("c2");
            awaitSaid(two, "c2", "{\"hi\":1}");

            bridge.serve("api.connections.applyResponder", request -> Map.of("id", request.arg(0, String.class)));
            Registration holding = bridge.hold("j1");
            assertThat(text(one.call("hero", "apply", "[\"j1\",\"sendMessage\",{\"hi\":1}]")))
                    .isEqualTo("{\"id\":\"j1\"}");
            holding.close();
            assertThatThrownBy(() -> one.call("hero", "apply", "[\"j1\",\"sendMessage\",{\"hi\":1}]"))
                    .hasMessageContaining("RPC Timeout");
        }
    }

    @Test
    void whoHasAnotherTokenIsNotHeard() throws Exception {
        NodeProcess node = hero29("one");
        try (ActionheroBridge bridge = Actionhero.on(scene.cluster(), ActionheroFormat.V29)
                .bridge("a-token-of-somebody-else")
                .timeout(Duration.ofSeconds(2))
                .open()) {
            bridge.serve("api.java.add", request -> 1);
            assertThatThrownBy(() -> node.call("hero", "doCluster", "[\"api.java.add\",[],null,true]"))
                    .hasMessageContaining("RPC Timeout");
            assertThatThrownBy(() -> answer(bridge.call("api.covey.mark").with("x"), Object.class))
                    .hasRootCauseInstanceOf(TransportTimeoutException.class);
            assertThat(bridge.counts().foreign()).isPositive();
            assertThat(bridge.counts().served()).isZero();
            assertThat(scene.list("ledger")).isEmpty();
        }
    }

    @Test
    void eachChatsWithTheOtherIn29() {
        NodeProcess node = hero29("hero");
        ActionheroRooms rooms = data().rooms();
        try (ActionheroBridge bridge = bridge(ActionheroFormat.V29)) {
            Queue<String> heard = heardBy(bridge);
            node.call("chat", "add", "[\"lobby\"]");
            assertThat(rooms.list()).containsExactly("lobby");
            assertThat(rooms.add("lobby")).isFalse();
            rooms.add("ours");
            assertThat(node.call("chat", "exists", "[\"ours\"]")).isEqualTo(true);
            assertThatThrownBy(() -> node.call("chat", "add", "[\"ours\"]")).hasMessageContaining("room exists");

            node.call("hero", "connect", "[\"c1\"]");
            node.call("chat", "addMember", "[\"c1\",\"lobby\"]");
            bridge.hold("j1");
            bridge.chat().join("j1", "lobby");
            assertThat(kept("lobby", "j1").replaceAll("[0-9]{13}", "T").replace("java", "HOST"))
                    .isEqualTo(kept("lobby", "c1")
                            .replaceAll("[0-9]{13}", "T")
                            .replace("hero", "HOST")
                            .replace("c1", "j1"));
            assertThat(rooms.members("lobby"))
                    .extracting(
                            ActionheroRooms.Member::id, member -> member.host().orElseThrow())
                    .containsExactlyInAnyOrder(tuple("c1", "hero"), tuple("j1", "java"));
            assertThat(text(node.call("chat", "roomStatus", "[\"lobby\"]"))).contains("\"membersCount\":2");

            node.call("chat", "broadcast", "[{},\"lobby\",{\"n\":1}]");
            node.call("chat", "broadcast", "[{\"id\":\"c1\",\"rooms\":[\"lobby\"]},\"lobby\",\"from c1\"]");
            bridge.chat().broadcast("lobby", "from java");
            bridge.chat().broadcast("j1", "lobby", "from j1");
            eventually().until(() -> heard.size() == 4);
            assertThat(heard)
                    .containsExactlyInAnyOrder(
                            "lobby 0 {\"n\":1} hero",
                            "lobby c1 \"from c1\" hero",
                            "lobby 0 \"from java\" java",
                            "lobby j1 \"from j1\" java");
            assertThat(awaitSaid(node, "c1", "from java"))
                    .matches("\\{\"message\":\"from java\",\"room\":\"lobby\",\"from\":\"0\",\"context\":\"user\","
                            + "\"sentAt\":[0-9]{13}}");
            assertThat(awaitSaid(node, "c1", "from j1")).contains("\"from\":\"j1\"");

            heard.clear();
            assertThat(node.call("chat", "removeMember", "[\"j1\",\"lobby\"]")).isEqualTo(true);
            assertThat(node.call("chat", "addMember", "[\"j1\",\"lobby\"]")).isEqualTo(true);
            eventually().until(() -> List.copyOf(heard).equals(List.of("j1 left lobby", "j1 joined lobby")));
            assertThat(bridge.chat().leave("c1", "lobby")).isTrue();
            assertThat(bridge.chat().leave("c1", "lobby")).isFalse();
            assertThat(text(node.call("hero", "rooms", "[\"c1\"]"))).isEqualTo("[]");

            heard.clear();
            node.call("chat", "destroy", "[\"lobby\"]");
            eventually().until(() -> heard.contains("j1 left lobby"));
            assertThat(heard).contains("lobby 0 \"this room has been deleted\" hero");
            node.call("chat", "addMember", "[\"c1\",\"ours\"]");
            assertThat(bridge.chat().destroy("ours")).isTrue();
            awaitSaid(node, "c1", "this room has been deleted");
            assertThat(text(node.call("hero", "rooms", "[\"c1\"]"))).isEqualTo("[]");
            assertThat(text(node.call("chat", "list", "[]"))).isEqualTo("[]");
        }
    }

    @Test
    void eachCallsTheOtherAndChatsWithItIn9() throws Exception {
        NodeProcess node = hero9("hero");
        ActionheroRooms rooms = data().rooms();
        try (ActionheroBridge bridge = bridge(ActionheroFormat.V9)) {
            bridge.serve("api.java.add", request -> request.arg(0, Integer.class) + request.arg(1, Integer.class));
            assertThat(text(node.call("hero", "doCluster", "[\"api.java.add\",[1,2],null]")))
                    .isEqualTo("[null,3]");
            assertThat(text(node.call("hero", "doCluster", "[\"api.java.absent\",[],null]")))
                    .isEqualTo("[\"RPC Timeout\"]");
            assertThat(answer(bridge.call("api.covey.echo").with("é", 1.5), Object[].class)
                            .orElseThrow())
                    .containsExactly("é", 1.5);
            assertThatThrownBy(() -> answer(bridge.call("api.covey.two"), Object.class))
                    .hasMessageContaining("[\"alpha\",\"zeta\"]");
            bridge.call("api.covey.mark").with("from java").send().get(60, TimeUnit.SECONDS);
            eventually().until(() -> scene.list("ledger").equals(List.of("from java")));

            Queue<String> heard = heardBy(bridge);
            node.call("hero", "connect", "[\"c9\"]");
            bridge.hold("j1");
            node.call("chat", "add", "[\"lobby\"]");
            assertThat(bridge.chat().join("c9", "lobby")).isTrue();
            assertThat(bridge.chat().join("c9", "lobby")).isFalse();
            assertThat(text(node.call("hero", "rooms", "[\"c9\"]"))).isEqualTo("[\"lobby\"]");
            assertThat(node.call("chat", "addMember", "[\"j1\",\"lobby\"]")).isEqualTo(true);
            assertThat(kept("lobby", "j1").replaceAll("[0-9]{13}", "T"))
                    .isEqualTo("{\"id\":\"j1\",\"joinedAt\":T,\"host\":\"java\"}");
            assertThat(kept("lobby", "c9").replaceAll("[0-9]{13}", "T"))
                    .isEqualTo("{\"id\":\"c9\",\"joinedAt\":T,\"host\":\"hero\"}");
            assertThat(text(node.call("chat", "roomStatus", "[\"lobby\"]"))).contains("\"membersCount\":2");

            node.call("chat", "broadcast", "[{},\"lobby\",\"from node\"]");
            bridge.chat().broadcast("lobby", "from java");
            bridge.chat().broadcast("j1", "lobby", "from j1");
            eventually().until(() -> heard.size() == 4);
            assertThat(heard)
                    .containsExactlyInAnyOrder(
                            "j1 joined lobby",
                            "lobby 0 \"from node\" hero",
                            "lobby 0 \"from java\" java",
                            "lobby j1 \"from j1\" java");
            assertThat(awaitSaid(node, "c9", "from java")).contains("\"from\":0,");
            awaitSaid(node, "c9", "from j1");

            assertThat(node.call("chat", "removeMember", "[\"j1\",\"lobby\"]")).isEqualTo(true);
            eventually().until(() -> heard.contains("j1 left lobby"));
            assertThat(bridge.chat().destroy("lobby")).isTrue();
            assertThat(text(node.call("hero", "rooms", "[\"c9\"]"))).isEqualTo("[]");
            assertThat(rooms.list()).isEmpty();
        }
    }

    /** Nodes of 9 and of 29 on one channel cannot answer each other; we answer both. */
    @Test
    void bothVersionsOnOneChannelAreAnswered() {
        NodeProcess new29 = hero29("new");
        NodeProcess old9 = hero9("old");
        try (ActionheroBridge bridge = bridge(ActionheroFormat.V29)) {
            bridge.serve("api.java.add", request -> request.arg(0, Integer.class) + request.arg(1, Integer.class));
            assertThat(text(new29.call("hero", "doCluster", "[\"api.java.add\",[1,2],null,true]")))
                    .isEqualTo("3");
            assertThat(text(old9.call("hero", "doCluster", "[\"api.java.add\",[1,2],null]")))
                    .isEqualTo("[null,3]");
            assertThat(new29.isAlive() && old9.isAlive()).isTrue();
        }
    }
}
