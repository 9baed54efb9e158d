package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.History;
import io.covey.cluster.Past;
import io.covey.cluster.Position;
import io.covey.cluster.Registration;
import io.covey.cluster.Room;
import io.covey.cluster.RoomMember;
import io.covey.cluster.RoomMessage;
import io.covey.cluster.RoomMiddleware;
import io.covey.cluster.RoomRefusedException;
import io.covey.cluster.Start;
import io.covey.cluster.Subscription;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.Directory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link io.covey.cluster.Rooms} promises to nodes that share them. */
public abstract class RoomsContract extends NodeContract {
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration MORE_THAN_HALF_THEIR_LEASE = Duration.ofSeconds(2);

    private Cluster one;
    private Cluster two;

    @BeforeEach
    final void joinNodes() {
        one = frequent("one");
        two = frequent("two");
    }

    private Cluster frequent(String name) {
        return join(name, settings -> settings.beat(BEAT).maxFrameBytes(2048));
    }

    private static Room<String> lobby(Cluster node) {
        return node.rooms().room("lobby", String.class);
    }

    private static RoomLog listen(Cluster node) {
        RoomLog log = new RoomLog();
        lobby(node).listen(log);
        return log;
    }

    @Test
    final void whoJoinsIsAMemberForAllAndWhoLeavesIsNone() {
        assertThat(lobby(one).join("ada", Map.of("colour", "red"))).isTrue();
        assertThat(lobby(one).join("bob")).isTrue();
        RoomMember ada = lobby(two).find("ada").orElseThrow();
        assertThat(ada.id()).isEqualTo("ada");
        assertThat(ada.metadata()).containsEntry("colour", "red");
        assertThat(ada.node()).isEqualTo(one.self().id());
        assertThat(ada.joinedAt()).isBetween(one.self().joinedAt(), one.clock().instant());
        assertThat(lobby(two).members().map(RoomMember::id)).containsExactlyInAnyOrder("ada", "bob");
        assertThat(lobby(two).count()).isEqualTo(2);
        assertThat(lobby(one).here()).containsExactlyInAnyOrder("ada", "bob");
        assertThat(lobby(two).here()).isEmpty();
        assertThat(lobby(one).leave("ada")).isTrue();
        assertThat(lobby(one).leave("ada")).isFalse();
        assertThat(lobby(two).isMember("ada")).isFalse();
        assertThat(lobby(two).isMember("bob")).isTrue();
        assertThat(lobby(two).count()).isEqualTo(1);
    }

    @Test
    final void aRoomIsThereWhileItHasMembersOrFromItsCreationToItsEnd() {
        assertThat(one.rooms().exists("lobby")).isFalse();
        lobby(one).join("ada");
        assertThat(two.rooms().exists("lobby")).isTrue();
        assertThat(two.rooms().names()).containsExactly("lobby");
        lobby(one).leave("ada");
        assertThat(two.rooms().exists("lobby")).isFalse();
        assertThat(two.rooms().names()).isEmpty();
        assertThat(one.rooms().create("lobby")).isTrue();
        assertThat(two.rooms().create("lobby")).isFalse();
        lobby(two).join("ada");
        lobby(two).leave("ada");
        assertThat(two.rooms().exists("lobby")).isTrue();
        assertThat(lobby(two).count()).isZero();
        assertThat(two.rooms().destroy("lobby")).isTrue();
        assertThat(one.rooms().exists("lobby")).isFalse();
        assertThat(one.rooms().destroy("lobby")).isFalse();
    }

    @Test
    final void roomsAreListedInTheOrderOfTheirNamesEachOnce() {
        for (String name : List.of("b", "a", "a-1", "a.b", "B", "c")) {
            one.rooms().create(name);
        }
        one.rooms().room("a", String.class).join("ada");
        two.rooms().room("d", String.class).join("ada");
        assertThat(two.rooms().names()).containsExactly("B", "a", "a-1", "a.b", "b", "c", "d");
    }

    @Test
    final void aListenerIsToldWhoIsThereThenWhatHappensInOrder() {
        lobby(one).join("ada");
        RoomLog log = listen(two);
        assertThat(log.lines()).containsExactly("members [ada]");
        lobby(one).join("bob", Map.of("mood", "good"));
        lobby(one).say("bob", "hello");
        lobby(one).join("bob", Map.of("mood", "bad"));
        lobby(one).leave("bob");
        lobby(one).broadcast("closing time");
        eventually()
                .untilAsserted(() -> assertThat(log.lines())
                        .containsExactly(
                                "members [ada]",
                                "bob joined",
                                "bob: hello",
                                "bob updated {mood=bad}",
                                "bob left LEFT",
                                "closing time"));
    }

    @Test
    final void whatIsSaidToTheOthersIsNotForHimWhoSaidIt() {
        RoomLog log = listen(two);
        lobby(one).join("ada");
        lobby(one).say("ada", "to all");
        lobby(one).sayToOthers("ada", "to others");
        eventually().until(() -> log.messages().size() == 2);
        assertThat(log.messages().get(0).isFor("ada")).isTrue();
        assertThat(log.messages().get(1).isFor("ada")).isFalse();
        assertThat(log.messages().get(1).isFor("bob")).isTrue();
        assertThat(log.messages().get(1).node()).isEqualTo(one.self().id());
        assertThat(log.messages().get(1).sentAt())
                .isAfterOrEqualTo(log.messages().get(0).sentAt());
    }

    @Test
    final void onlyAMemberOfThisNodeSpeaksHere() {
        lobby(one).join("ada");
        assertThatThrownBy(() -> lobby(two).say("ada", "hello"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ada")
                .hasMessageContaining("lobby");
        lobby(one).leave("ada");
        assertThatThrownBy(() -> lobby(one).say("ada", "hello")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    final void aMemberWhoJoinsOnAnotherNodeMovesThere() {
        RoomLog log = listen(one);
        lobby(one).join("ada");
        assertThat(lobby(two).join("ada")).isFalse();
        assertThat(lobby(one).find("ada").orElseThrow().node())
                .isEqualTo(two.self().id());
        eventually().until(() -> lobby(one).here().isEmpty());
        assertThat(lobby(two).here()).containsExactly("ada");
        assertThat(lobby(one).leave("ada")).isFalse();
        lobby(one).broadcast("end");
        eventually().until(() -> log.lines().contains("end"));
        assertThat(lobby(two).isMember("ada")).isTrue();
        eventually()
                .untilAsserted(() -> assertThat(log.lines().stream().filter(line -> line.startsWith("ada")))
                        .containsExactly("ada joined", "ada updated {}"));
    }

    @Test
    final void aMemberIsRemovedFromAnywhereAndItsNodeKnows() {
        RoomLog log = listen(two);
        lobby(one).join("ada");
        assertThat(lobby(two).remove("ada")).isTrue();
        assertThat(lobby(two).remove("ada")).isFalse();
        assertThat(lobby(two).isMember("ada")).isFalse();
        eventually().until(() -> lobby(one).here().isEmpty());
        eventually()
                .untilAsserted(
                        () -> assertThat(log.lines()).containsExactly("members []", "ada joined", "ada left LEFT"));
    }

    @Test
    final void whoIsInARoomThatIsDestroyedIsToldAndOut() {
        RoomLog log = listen(two);
        lobby(one).join("ada");
        lobby(two).join("bob");
        one.rooms().destroy("lobby");
        assertThat(lobby(two).count()).isZero();
        // What two nodes tell comes in no order.
        List<String> told = List.of("ada left DESTROYED", "bob left DESTROYED", "destroyed");
        eventually().until(() -> log.lines().containsAll(told));
        assertThat(log.lines()).containsOnlyOnce(told.toArray(String[]::new));
        eventually()
                .until(() -> lobby(one).here().isEmpty() && lobby(two).here().isEmpty());
        lobby(one).join("eve");
        eventually().until(() -> log.lines().contains("eve joined"));
    }

    @Test
    final void theMembersOfANodeThatDiesAreOutOnce() {
        Cluster three = frequent("three");
        RoomLog heardByOne = listen(one);
        RoomLog heardByTwo = listen(two);
        lobby(three).join("ada");
        lobby(three).join("bob");
        lobby(two).join("eve");
        eventually()
                .until(() -> heardByOne.lines().size() == 4
                        && heardByTwo.lines().size() == 4
                        && one.members().list().size() == 3
                        && two.members().list().size() == 3);
        kill(three);
        for (int i = 0; i < 2; i++) {
            passLeaseTime(MORE_THAN_HALF_THEIR_LEASE);
            one.members().refresh();
            two.members().refresh();
        }
        eventually()
                .until(() -> heardByOne.lines().contains("ada left DIED")
                        && heardByOne.lines().contains("bob left DIED")
                        && heardByTwo.lines().contains("ada left DIED")
                        && heardByTwo.lines().contains("bob left DIED"));
        lobby(one).broadcast("end");
        eventually().until(() -> heardByTwo.lines().contains("end"));
        for (RoomLog log : List.of(heardByOne, heardByTwo)) {
            assertThat(log.lines().stream().filter(line -> line.startsWith("ada left")))
                    .hasSize(1);
            assertThat(log.lines().stream().filter(line -> line.startsWith("bob left")))
                    .hasSize(1);
        }
        eventually()
                .until(() -> lobby(one).members().map(RoomMember::id).toList().equals(List.of("eve")));
        assertThat(lobby(one).count()).isEqualTo(1);
    }

    @Test
    final void theMembersOfANodeThatClosesHaveLeft() {
        Cluster three = frequent("three");
        RoomLog log = listen(one);
        lobby(three).join("ada");
        eventually().until(() -> log.lines().contains("ada joined"));
        three.close();
        eventually().until(() -> log.lines().contains("ada left LEFT"));
        assertThat(lobby(one).count()).isZero();
    }

    @Test
    final void aNodeThatTheBackendForgotHasItsMembersBackAndNobodyHearsOfIt() {
        RoomLog log = listen(two);
        lobby(one).join("ada", Map.of("colour", "red"));
        eventually().until(() -> log.lines().size() == 2);
        Directory directory = open().directory().orElseThrow();
        eventually().until(() -> {
            on(directory.bury(one.self().id(), true));
            one.members().refresh();
            return lobby(two).isMember("ada");
        });
        lobby(one).broadcast("end");
        eventually().until(() -> log.lines().contains("end"));
        assertThat(lobby(one).here()).containsExactly("ada");
        assertThat(lobby(one).leave("ada")).isTrue();
        eventually().until(() -> log.lines().contains("ada left LEFT"));
        assertThat(lobby(two).count()).isZero();
    }

    @Test
    final void aMiddlewareRefusesOrChangesWhatHappensOnItsNode() {
        RoomLog log = listen(two);
        Registration use = one.rooms().use(String.class, new RoomMiddleware<>() {
            @Override
            public Map<String, String> join(String room, String member, Map<String, String> metadata) {
                if (member.equals("mallory")) {
                    throw new RoomRefusedException("mallory is not welcome in " + room);
                }
                return Map.of("name", member.toUpperCase(Locale.ROOT));
            }

            @Override
            public void leave(String room, String member) {
                if (member.equals("prisoner")) {
                    throw new RoomRefusedException("stay");
                }
            }

            @Override
            public Optional<String> say(String room, String from, String message) {
                return message.equals("spam") ? Optional.empty() : Optional.of(message + "!");
            }
        });
        assertThatThrownBy(() -> lobby(one).join("mallory"))
                .isInstanceOf(RoomRefusedException.class)
                .hasMessage("mallory is not welcome in lobby");
        lobby(one).join("ada");
        lobby(one).join("prisoner");
        assertThat(lobby(one).say("ada", "spam")).isEqualTo(Delivery.NONE);
        lobby(one).say("ada", "hello");
        assertThatThrownBy(() -> lobby(one).leave("prisoner")).isInstanceOf(RoomRefusedException.class);
        assertThatThrownBy(() -> lobby(one).remove("prisoner")).isInstanceOf(RoomRefusedException.class);
        lobby(two).join("mallory");
        use.close();
        lobby(one).say("ada", "bye");
        eventually().until(() -> log.lines().contains("ada: bye"));
        assertThat(log.lines()).contains("ada: hello!").doesNotContain("ada: spam", "ada: spam!");
        assertThat(lobby(two).find("ada").orElseThrow().metadata()).containsEntry("name", "ADA");
        assertThat(lobby(two).members().map(RoomMember::id)).containsExactlyInAnyOrder("ada", "prisoner", "mallory");
    }

    @Test
    final void whoDoesNotListenAnyMoreHearsNothing() {
        RoomLog quiet = new RoomLog();
        Registration listening = lobby(two).listen(quiet);
        RoomLog log = listen(two);
        listening.close();
        lobby(one).join("ada");
        eventually().until(() -> log.lines().contains("ada joined"));
        assertThat(quiet.lines()).containsExactly("members []");
    }

    @Test
    final void aListenerThatThrowsHearsOfWhatComesNext() {
        RoomLog log = new RoomLog();
        lobby(two).listen(new Room.Listener<>() {
            @Override
            public void onMessage(RoomMessage<String> message) {
                log.onMessage(message);
                throw new IllegalStateException("on purpose");
            }
        });
        lobby(one).broadcast("a");
        lobby(one).broadcast("b");
        eventually().until(() -> log.lines().equals(List.of("a", "b")));
    }

    @Test
    final void whoComesLaterHearsWhatWasSaidWithAHistoryAndGoesOnLive() {
        Room<String> there = lobby(one).withHistory(History.last(100));
        Room<String> here = lobby(two).withHistory(History.last(100));
        there.join("ada");
        for (int i = 0; i < 10; i++) {
            there.say("ada", "m" + i);
        }
        RoomLog log = new RoomLog();
        try (Subscription listening = here.listen(Start.last(3), log)) {
            there.sayToOthers("ada", "live");
            there.join("bob");
            eventually()
                    .until(() ->
                            log.lines().contains("ada: live") && log.lines().contains("bob joined"));
            assertThat(log.lines().get(0)).isEqualTo("members [ada]");
            assertThat(log.messages().stream().map(RoomMessage::message)).containsExactly("m7", "m8", "m9", "live");
            assertThat(log.messages().get(3).isFor("ada")).isFalse();
            assertThat(listening.recovered()).isTrue();
        }
        Past<RoomMessage<String>> past = here.read(Start.last(2), 10);
        assertThat(past.messages().stream().map(kept -> kept.message().message()))
                .containsExactly("m9", "live");
        Position seen = log.messages().get(1).position().orElseThrow();
        assertThat(here.read(Start.after(seen), 10).messages().stream()
                        .map(kept -> kept.message().from().orElseThrow() + " "
                                + kept.message().message()))
                .containsExactly("ada m9", "ada live");
        assertThat(past.recovered()).isTrue();
        assertThatThrownBy(() -> lobby(one).listen(Start.last(3), log)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> lobby(one).read(Start.last(3), 3)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    final void namesThatCouldMeanSomethingElseAreRefused() {
        for (String bad : List.of("", ".", "..", "a/b", "a!", "a b", "ü", "a*", "{a}", "a\n", "x".repeat(129))) {
            assertThatThrownBy(() -> one.rooms().room(bad, String.class)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> one.rooms().create(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        for (String bad : List.of("", "a\tb", "x".repeat(201))) {
            assertThatThrownBy(() -> lobby(one).join(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> lobby(one).join("ada", Map.of("long", "x".repeat(2000))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1024");
        assertThat(lobby(one).count()).isZero();
        for (String good : List.of("a b", "é", "日本", "a/b", "*", "\"")) {
            assertThat(lobby(one).join(good)).isTrue();
            assertThat(lobby(two).isMember(good)).isTrue();
        }
        assertThat(lobby(two).members().map(RoomMember::id).toList()).hasSize(6);
        assertThat(Set.copyOf(lobby(one).here())).hasSize(6);
    }
}
