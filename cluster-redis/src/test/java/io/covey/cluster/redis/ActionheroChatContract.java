package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.CodecException;
import io.covey.cluster.RefusedException;
import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.redis.ActionheroChat.Message;
import io.covey.cluster.redis.driver.Address;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.tck.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** actionhero's rooms and what is said in them, for each driver, and how a bridge ends. {@link NodeBridgeContract} has the real one. */
public abstract class ActionheroChatContract extends ActionheroChannel {

    @Test
    final void roomsAreReadAndMadeAsActionheroDoes() {
        ActionheroRooms rooms = Actionhero.on(cluster, ActionheroFormat.V29).rooms();
        server.command("SADD", "actionhero:chatRoom:rooms", "theirs");
        server.command(
                "HSET",
                "actionhero:chatRoom:members:theirs",
                "c1",
                "{\"id\":\"c1\",\"joinedAt\":1795308739879,\"host\":\"node\"}",
                "c2",
                "{\"name\":\"of their own making\"}");
        assertThat(rooms.add("ours")).isTrue();
        assertThat(rooms.add("ours")).isFalse();
        assertThat(rooms.list()).containsExactly("ours", "theirs");
        assertThat(rooms.exists("theirs")).isTrue();
        assertThat(rooms.exists("none")).isFalse();
        assertThat(rooms.members("theirs"))
                .extracting(ActionheroRooms.Member::id, ActionheroRooms.Member::host)
                .containsExactlyInAnyOrder(tuple("c1", Optional.of("node")), tuple("c2", Optional.empty()));
        assertThat(rooms.members("none")).isEmpty();

        Registration holding = bridge.hold("j1");
        assertThat(bridge.chat().join("j1", "ours")).isTrue();
        assertThat(bridge.chat().join("j1", "ours")).isFalse();
        assertThat(server.command("HGET", "actionhero:chatRoom:members:ours", "j1"))
                .matches("\\{\"id\":\"j1\",\"joinedAt\":[0-9]{13},\"host\":\"java\"}");
        assertThatThrownBy(() -> bridge.chat().join("j1", "none"))
                .isInstanceOf(RefusedException.class)
                .hasMessage("actionhero's room \"none\" does not exist; nobody was added");
        bridge.chat().join("j1", "theirs");
        assertThat(bridge.chat().leave("j1", "theirs")).isTrue();
        assertThat(bridge.chat().leave("j1", "theirs")).isFalse();
        holding.close();
        assertThat(rooms.members("ours")).isEmpty();
        assertThat(rooms.forget("node")).isEqualTo(1);
        assertThat(rooms.members("theirs")).hasSize(1);
        assertThatThrownBy(() -> bridge.chat().join("c2", "theirs"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("actionhero 29 has no method");

        server.command("HSET", "actionhero:chatRoom:members:theirs", "c3", "no json");
        assertThatThrownBy(() -> rooms.members("theirs"))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("member \"c3\"");
        server.command("HSET", "actionHero:roomMembers-lounge", "c1", "{}");
        assertThatThrownBy(() -> rooms.members("lounge"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("actionHero:roomMembers-lounge");
    }

    @Test
    final void whatIsSaidHasTheFieldsOfItsVersionAndIsHeardInOrder() {
        Queue<Message> heard = new ConcurrentLinkedQueue<>();
        bridge.chat().listen(message -> {
            heard.add(message);
            throw new IllegalStateException("a listener that fails");
        });
        bridge.chat().broadcast("lobby", "hi");
        old.chat().broadcast("lobby", Map.of("n", 1.0));
        awaitSaid("\\{\"messageType\":\"chat\",\"serverToken\":\"" + TOKEN
                + "\",\"serverId\":\"java\",\"message\":\"hi\",\"sentAt\":[0-9]{13},"
                + "\"connection\":\\{\"id\":\"0\",\"room\":\"lobby\"}}");
        awaitSaid("\\{\"messageType\":\"chat\",\"serverToken\":\"" + TOKEN
                + "\",\"serverId\":\"java9\",\"message\":\\{\"n\":1},\"sentAt\":[0-9]{13},"
                + "\"connection\":\\{\"id\":0,\"room\":\"lobby\"}}");
        Actionhero.on(cluster, ActionheroFormat.V29).rooms().add("lobby");
        Registration holding = bridge.hold("j1");
        assertThatThrownBy(() -> bridge.chat().broadcast("j1", "lobby", "x"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is not in actionhero's room \"lobby\"");
        bridge.chat().join("j1", "lobby");
        for (int i = 0; i < 200; i++) {
            bridge.chat().broadcast("j1", "lobby", i + 1);
        }
        holding.close();
        eventually().until(() -> heard.size() == 202);
        assertThat(heard).extracting(Message::from).startsWith("0", "0", "j1", "j1");
        assertThat(heard.stream().skip(2).map(message -> message.message().as(Integer.class)))
                .isSorted()
                .hasSize(200);
        Message first = heard.remove();
        assertThat(first.message().as(String.class)).isEqualTo("hi");
        assertThat(first.server()).isEqualTo("java");
        assertThat(first.room()).isEqualTo("lobby");
        assertThatThrownBy(() -> bridge.chat().broadcast("lobby", "")).hasMessageContaining("empty");
    }

    @Test
    final void othersAddAndRemoveWhatWeHoldAndARoomIsDestroyedWithItsMembers() {
        Actionhero hero = Actionhero.on(cluster, ActionheroFormat.V29);
        hero.rooms().add("lobby");
        Queue<String> events = new ConcurrentLinkedQueue<>();
        bridge.chat().listen(new ActionheroChat.Listener() {
            @Override
            public void onMessage(Message message) {
                events.add(message.message().json());
            }

            @Override
            public void onJoined(String connectionId, String room) {
                events.add(connectionId + " joined " + room);
            }

            @Override
            public void onLeft(String connectionId, String room) {
                events.add(connectionId + " left " + room);
            }
        });
        bridge.hold("j1");
        old.hold("j2");
        assertThat(old.chat().join("j1", "lobby")).isTrue();
        assertThat(old.chat().join("j1", "lobby")).isFalse();
        assertThat(bridge.chat().leave("j2", "lobby")).isFalse();
        old.chat().join("j2", "lobby");
        assertThat(hero.rooms().members("lobby")).hasSize(2);
        assertThat(old.chat().leave("j1", "lobby")).isTrue();
        eventually().until(() -> events.size() == 2);
        assertThat(events).containsExactly("j1 joined lobby", "j1 left lobby");

        bridge.chat().join("j1", "lobby");
        server.command("HSET", "actionhero:chatRoom:auth", "lobby", "{}");
        assertThat(bridge.chat().destroy("lobby")).isTrue();
        assertThat(bridge.chat().destroy("lobby")).isFalse();
        assertThat(hero.rooms().list()).isEmpty();
        assertThat(server.command("EXISTS", "actionhero:chatRoom:members:lobby", "actionhero:chatRoom:auth"))
                .isEqualTo("0");
        eventually().until(() -> events.size() == 4);
        assertThat(events).contains("\"this room has been deleted\"", "j1 left lobby");
    }

    @Test
    final void aLostConnectionIsToldAndAfterwardsTheBridgeHearsAgain() throws Exception {
        CompletableFuture<String> missed = new CompletableFuture<>();
        bridge.chat().listen(new ActionheroChat.Listener() {
            @Override
            public void onMessage(Message message) {}

            @Override
            public void onMissed(String reason) {
                missed.complete(reason);
            }
        });
        server.command("CLIENT", "KILL", "TYPE", "pubsub");
        assertThat(missed.get(60, TimeUnit.SECONDS)).isNotEmpty();
        bridge.serve("api.ping", request -> "pong");
        assertThat(bridge.call("api.ping").answer(String.class).get(60, TimeUnit.SECONDS))
                .contains("pong");
    }

    @Test
    final void whenItIsClosedItsConnectionsHaveLeftAndItsThreadsHaveEnded() {
        Actionhero hero = Actionhero.on(cluster, ActionheroFormat.V29);
        hero.rooms().add("lobby");
        bridge.hold("j1");
        bridge.chat().join("j1", "lobby");
        CompletableFuture<?> waiting = bridge.call("api.nobody").answer(String.class);
        bridge.close();
        bridge.close();
        assertThat(hero.rooms().members("lobby")).isEmpty();
        assertThatThrownBy(() -> waiting.get(60, TimeUnit.SECONDS))
                .hasMessageContaining("bridge to actionhero is closed");
        assertThatThrownBy(() -> bridge.call("api.log").send()).hasMessageContaining("closed");
        assertThatThrownBy(() -> bridge.hold("j2")).hasMessageContaining("closed");
        old.hold("j3");
        old.chat().join("j3", "lobby");
        String name = cluster.self().name();
        cluster.close();
        assertThat(server.command("EXISTS", "actionhero:chatRoom:members:lobby"))
                .isEqualTo("0");
        eventually()
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("covey-" + name + "-actionhero")));
    }

    @Test
    final void atItsEndAllThatBlocksHasOneDrainTimeTogetherAndEveryCallEnds() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(4);
        Runnable block = () -> {
            blocked.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        bridge.serve("api.block", request -> {
            block.run();
            return null;
        });
        CountDownLatch asked = new CountDownLatch(1);
        bridge.serve("api.ping", request -> {
            asked.await();
            return "pong";
        });
        bridge.chat().listen(message -> block.run());
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            calls.add(bridge.call("api.ping").answer(String.class).thenRun(block));
        }
        asked.countDown();
        bridge.call("api.block").send();
        bridge.chat().broadcast("lobby", "hi");
        eventually().until(() -> blocked.getCount() == 0);
        for (int i = 0; i < 20; i++) {
            calls.add(bridge.call("api.nobody").answer(String.class));
        }
        long start = System.nanoTime();
        cluster.close(Duration.ofSeconds(3));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
        eventually().until(() -> calls.stream().allMatch(CompletableFuture::isDone));
        assertThat(calls.subList(2, calls.size())).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    final void closedAtOnceItLeavesNoCallWaiting() {
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            calls.add(bridge.call("api.nobody").answer(String.class));
        }
        cluster.close(Duration.ZERO);
        eventually().until(() -> calls.stream().allMatch(CompletableFuture::isCompletedExceptionally));
    }

    @Test
    final void aListenerThatThrowsAnErrorKeepsNothingFromTheOthers() {
        List<String> heard = new CopyOnWriteArrayList<>();
        bridge.chat().listen(message -> {
            throw new AssertionError("of the application");
        });
        bridge.chat().listen(message -> heard.add(message.message().as(String.class)));
        bridge.chat().broadcast("lobby", "one");
        bridge.chat().broadcast("lobby", "two");
        eventually().until(() -> heard.size() == 2);
        assertThat(heard).containsExactly("one", "two");
    }

    @Test
    final void whoWasKilledIsForgottenThoughOtherMembersAndRoomsCannotBeRead() {
        ActionheroRooms rooms = Actionhero.on(cluster, ActionheroFormat.V29).rooms();
        String members = "actionhero:chatRoom:members:";
        String dead = "{\"id\":\"c\",\"joinedAt\":1,\"host\":\"dead\"}";
        server.command("SADD", "actionhero:chatRoom:rooms", "a", "b\nb", "lobby", "z");
        server.command("SADD", "actionHero:roomMembers-lobby", "old");
        server.command("HSET", members + "a", "odd", "[1]", "bad", "{", "c", dead);
        server.command("HSET", members + "b\nb", "c\nc", dead);
        server.command("HSET", members + "z", "c", dead, "d", dead.replace("dead", "alive"));
        assertThat(rooms.forget("dead")).isEqualTo(3);
        assertThat(rooms.members("z")).extracting(ActionheroRooms.Member::id).containsExactly("d");
        assertThat(server.command("HLEN", members + "a")).isEqualTo("2");
        assertThat(server.command("EXISTS", members + "b\nb")).isEqualTo("0");

        bridge.hold("odd");
        bridge.hold("bad");
        assertThat(bridge.chat().destroy("a")).isTrue();
        assertThat(rooms.exists("a")).isFalse();
        assertThat(server.command("EXISTS", members + "a")).isEqualTo("0");
    }

    @Test
    final void whileRedisIsAwayAConnectionLeavesNoRoomBehindAndManyEndInOneTime() {
        FaultProxy proxy = new FaultProxy(server.port());
        String uri = Address.through(proxy, server).replaceFirst("redis", scheme());
        TransportConfig config =
                new TransportConfig(uri, "covey", "resque", Duration.ofSeconds(5), Duration.ofSeconds(1));
        ActionheroRooms rooms = Actionhero.on(cluster, ActionheroFormat.V29).rooms();
        rooms.add("lobby");
        Cluster impatient =
                Cluster.join(ClusterConfig.builder(uri).transport(config).build());
        try (proxy;
                impatient) {
            ActionheroBridge theirs =
                    Actionhero.on(impatient, ActionheroFormat.V29).bridge(TOKEN).open();
            theirs.hold("sure");
            assertThat(theirs.chat().join("sure", "lobby")).isTrue();
            Registration unsure = theirs.hold("unsure");
            proxy.dropResponses();
            assertThatThrownBy(() -> theirs.chat().join("unsure", "lobby")).isInstanceOf(TransportException.class);
            proxy.pass();
            assertThat(rooms.members("lobby")).hasSize(2);
            eventually().until(() -> answers(theirs));
            unsure.close();
            assertThat(rooms.members("lobby"))
                    .extracting(ActionheroRooms.Member::id)
                    .containsExactly("sure");

            for (int i = 0; i < 20; i++) {
                theirs.hold("c" + i);
                theirs.chat().join("c" + i, "lobby");
            }
            proxy.blackhole();
            long start = System.nanoTime();
            theirs.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            proxy.pass();
        }
    }

    private static boolean answers(ActionheroBridge bridge) {
        try {
            return !bridge.chat().leave("nobody", "nowhere");
        } catch (TransportException e) {
            return false;
        }
    }
}
