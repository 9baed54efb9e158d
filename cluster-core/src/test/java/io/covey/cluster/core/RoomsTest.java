package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.History;
import io.covey.cluster.NotSecuredException;
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
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoomsTest extends TwoNodes {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static Room<String> lobby(Cluster node) {
        return node.rooms().room("lobby", String.class);
    }

    private static RoomLog listen(Cluster node) {
        RoomLog log = new RoomLog();
        lobby(node).listen(log);
        return log;
    }

    @Test
    void whoJoinsIsAMemberForAllAndWhoLeavesIsNone() {
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
    void aRoomIsThereWhileItHasMembersOrFromItsCreationToItsEnd() {
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
    void roomsAreListedInTheOrderOfTheirNamesEachOnce() {
        for (String name : List.of("b", "a", "a-1", "a.b", "B", "c")) {
            one.rooms().create(name);
        }
        one.rooms().room("a", String.class).join("ada");
        two.rooms().room("d", String.class).join("ada");
        assertThat(two.rooms().names()).containsExactly("B", "a", "a-1", "a.b", "b", "c", "d");
    }

    @Test
    void aListenerIsToldWhoIsThereThenWhatHappensInOrder() {
        lobby(one).join("ada");
        RoomLog log = listen(two);
        assertThat(log.lines()).containsExactly("members [ada]");
        lobby(one).join("bob", Map.of("mood", "good"));
        lobby(one).say("bob", "hello");
        lobby(one).join("bob", Map.of("mood", "bad"));
        lobby(one).leave("bob");
        lobby(one).broadcast("closing time");
        await().atMost(SOON)
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
    void whatIsSaidToTheOthersIsNotForHimWhoSaidIt() {
        RoomLog log = listen(two);
        lobby(one).join("ada");
        lobby(one).say("ada", "to all");
        lobby(one).sayToOthers("ada", "to others");
        await().atMost(SOON).until(() -> log.messages().size() == 2);
        assertThat(log.messages().get(0).isFor("ada")).isTrue();
        assertThat(log.messages().get(1).isFor("ada")).isFalse();
        assertThat(log.messages().get(1).isFor("bob")).isTrue();
        assertThat(log.messages().get(1).node()).isEqualTo(one.self().id());
        assertThat(log.messages().get(1).sentAt())
                .isAfterOrEqualTo(log.messages().get(0).sentAt());
    }

    @Test
    void onlyAMemberOfThisNodeSpeaksHere() {
        lobby(one).join("ada");
        assertThatThrownBy(() -> lobby(two).say("ada", "hello"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ada")
                .hasMessageContaining("lobby");
        lobby(one).leave("ada");
        assertThatThrownBy(() -> lobby(one).say("ada", "hello")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aMemberWhoJoinsOnAnotherNodeMovesThere() {
        RoomLog log = listen(one);
        lobby(one).join("ada");
        assertThat(lobby(two).join("ada")).isFalse();
        assertThat(lobby(one).find("ada").orElseThrow().node())
                .isEqualTo(two.self().id());
        await().atMost(SOON).until(() -> lobby(one).here().isEmpty());
        assertThat(lobby(two).here()).containsExactly("ada");
        assertThat(lobby(one).leave("ada")).isFalse();
        lobby(one).broadcast("end");
        await().atMost(SOON).until(() -> log.lines().contains("end"));
        assertThat(lobby(two).isMember("ada")).isTrue();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(log.lines().stream().filter(line -> line.startsWith("ada")))
                        .containsExactly("ada joined", "ada updated {}"));
    }

    @Test
    void aMemberIsRemovedFromAnywhereAndItsNodeKnows() {
        RoomLog log = listen(two);
        lobby(one).join("ada");
        assertThat(lobby(two).remove("ada")).isTrue();
        assertThat(lobby(two).remove("ada")).isFalse();
        assertThat(lobby(two).isMember("ada")).isFalse();
        await().atMost(SOON).until(() -> lobby(one).here().isEmpty());
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(log.lines()).containsExactly("members []", "ada joined", "ada left LEFT"));
    }

    @Test
    void whoIsInARoomThatIsDestroyedIsToldAndOut() {
        RoomLog log = listen(two);
        lobby(one).join("ada");
        lobby(two).join("bob");
        one.rooms().destroy("lobby");
        assertThat(lobby(two).count()).isZero();
        await().atMost(SOON).until(() -> log.lines().contains("destroyed"));
        assertThat(log.lines())
                .contains("ada left DESTROYED", "bob left DESTROYED")
                .endsWith("destroyed")
                .hasSize(6);
        await().atMost(SOON)
                .until(() -> lobby(one).here().isEmpty() && lobby(two).here().isEmpty());
        lobby(one).join("eve");
        await().atMost(SOON).until(() -> log.lines().contains("eve joined"));
    }

    @Test
    void theMembersOfANodeThatDiesAreOutOnce() {
        Cluster three = nodes.join("three");
        RoomLog heardByOne = listen(one);
        RoomLog heardByTwo = listen(two);
        lobby(three).join("ada");
        lobby(three).join("bob");
        lobby(two).join("eve");
        await().atMost(SOON)
                .until(() -> heardByOne.lines().size() == 4
                        && heardByTwo.lines().size() == 4
                        && one.members().list().size() == 3
                        && two.members().list().size() == 3);
        nodes.kill(three);
        nodes.backend.passLeaseTime(Duration.ofMillis(900));
        await().atMost(SOON)
                .until(() -> heardByOne.lines().contains("ada left DIED")
                        && heardByOne.lines().contains("bob left DIED")
                        && heardByTwo.lines().contains("ada left DIED")
                        && heardByTwo.lines().contains("bob left DIED"));
        lobby(one).broadcast("end");
        await().atMost(SOON).until(() -> heardByTwo.lines().contains("end"));
        for (RoomLog log : List.of(heardByOne, heardByTwo)) {
            assertThat(log.lines().stream().filter(line -> line.startsWith("ada left")))
                    .hasSize(1);
            assertThat(log.lines().stream().filter(line -> line.startsWith("bob left")))
                    .hasSize(1);
        }
        await().atMost(SOON)
                .until(() -> lobby(one).members().map(RoomMember::id).toList().equals(List.of("eve")));
        assertThat(lobby(one).count()).isEqualTo(1);
    }

    @Test
    void theMembersOfANodeThatClosesHaveLeft() {
        Cluster three = nodes.join("three");
        RoomLog log = listen(one);
        lobby(three).join("ada");
        await().atMost(SOON).until(() -> log.lines().contains("ada joined"));
        three.close();
        await().atMost(SOON).until(() -> log.lines().contains("ada left LEFT"));
        assertThat(lobby(one).count()).isZero();
    }

    @Test
    void aNodeThatTheBackendForgotHasItsMembersBackAndNobodyHearsOfIt() {
        RoomLog log = listen(two);
        lobby(one).join("ada", Map.of("colour", "red"));
        await().atMost(SOON).until(() -> log.lines().size() == 2);
        try (Transport raw = nodes.raw()) {
            Directory directory = raw.directory().orElseThrow();
            await().atMost(SOON).until(() -> {
                Await.on(directory.bury(one.self().id(), true), SOON, "bury");
                one.members().refresh();
                return lobby(two).isMember("ada");
            });
        }
        lobby(one).broadcast("end");
        await().atMost(SOON).until(() -> log.lines().contains("end"));
        assertThat(lobby(one).here()).containsExactly("ada");
        assertThat(lobby(one).leave("ada")).isTrue();
        await().atMost(SOON).until(() -> log.lines().contains("ada left LEFT"));
        assertThat(lobby(two).count()).isZero();
    }

    @Test
    void aMiddlewareRefusesOrChangesWhatHappensOnItsNode() {
        RoomLog log = listen(two);
        Registration use = one.rooms().use(String.class, new RoomMiddleware<>() {
            @Override
            public Map<String, String> join(String room, String member, Map<String, String> metadata) {
                if (member.equals("mallory")) {
                    throw new RoomRefusedException("mallory is not welcome in " + room);
                }
                return Map.of("name", member.toUpperCase(java.util.Locale.ROOT));
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
        await().atMost(SOON).until(() -> log.lines().contains("ada: bye"));
        assertThat(log.lines()).contains("ada: hello!").doesNotContain("ada: spam", "ada: spam!");
        assertThat(lobby(two).find("ada").orElseThrow().metadata()).containsEntry("name", "ADA");
        assertThat(lobby(two).members().map(RoomMember::id)).containsExactlyInAnyOrder("ada", "prisoner", "mallory");
    }

    @Test
    void aJoinWhoseAnswerIsLostIsUndone() {
        RoomLog log = listen(two);
        Wire wire = nodes.wire(one);
        lobby(one).join("bob");
        wire.become(Wire.State.DEAF);
        assertThatThrownBy(() -> lobby(one).join("ada")).isInstanceOf(TransportException.class);
        assertThat(lobby(one).here()).containsExactly("bob");
        wire.become(Wire.State.WHOLE);
        await().atMost(SOON).until(() -> !lobby(two).isMember("ada"));
        lobby(one).join("ada");
        await().atMost(SOON).until(() -> log.lines().contains("ada joined"));
        assertThat(lobby(two).isMember("ada")).isTrue();
    }

    @Test
    void aLeaveWithoutAnAnswerTakesEffectLater() {
        RoomLog log = listen(two);
        Wire wire = nodes.wire(one);
        lobby(one).join("ada");
        wire.become(Wire.State.CUT);
        assertThatThrownBy(() -> lobby(one).leave("ada")).isInstanceOf(TransportException.class);
        assertThat(lobby(one).here()).isEmpty();
        wire.become(Wire.State.WHOLE);
        await().atMost(SOON).until(() -> log.lines().stream().anyMatch(line -> line.startsWith("ada left")));
        assertThat(lobby(two).isMember("ada")).isFalse();
    }

    @Test
    void newsThatCouldNotBeToldAreToldLater() {
        RoomLog log = listen(two);
        AtomicInteger lost = new AtomicInteger();
        lobby(one).join("bob");
        nodes.wire(one).tap(method -> {
            if (method.equals("publish") && lost.incrementAndGet() <= 2) {
                throw new TransportException("this one is lost");
            }
        });
        lobby(one).join("ada");
        await().atMost(SOON).until(() -> log.lines().contains("ada joined"));
        assertThat(log.lines().stream().filter("ada joined"::equals)).hasSize(1);
    }

    @Test
    void aRemovalWhoseAnswerIsLostIsToldByWhoHolds() {
        RoomLog log = listen(one);
        lobby(one).join("ada");
        answerToRemoveIsLost(two);
        await().atMost(SOON).until(() -> lobby(one).here().isEmpty());
        await().atMost(SOON).until(() -> log.lines().contains("ada left LEFT"));
        assertThat(lobby(two).isMember("ada")).isFalse();
    }

    @Test
    void aRemovalHereWhoseAnswerIsLostTakesEffect() {
        RoomLog log = listen(two);
        lobby(one).join("ada");
        answerToRemoveIsLost(one);
        assertThat(lobby(one).here()).isEmpty();
        await().atMost(SOON).until(() -> log.lines().contains("ada left LEFT"));
        assertThat(lobby(two).isMember("ada")).isFalse();
    }

    private void answerToRemoveIsLost(Cluster node) {
        Wire wire = nodes.wire(node);
        Thread caller = Thread.currentThread();
        wire.tap(method -> {
            // Its answer comes, that to the removal does not.
            if (method.equals("find") && Thread.currentThread() == caller) {
                wire.become(Wire.State.DEAF);
            }
        });
        assertThatThrownBy(() -> lobby(node).remove("ada")).isInstanceOf(TransportException.class);
        wire.tap(method -> {});
        wire.become(Wire.State.WHOLE);
    }

    @Test
    void aDestructionThatCouldNotBeToldIsToldWhenItIsCalledAgain() {
        RoomLog log = listen(two);
        lobby(two).join("ada");
        nodes.wire(one).tap(method -> {
            if (method.equals("publish")) {
                throw new TransportException("nothing is told");
            }
        });
        assertThatThrownBy(() -> one.rooms().destroy("lobby")).isInstanceOf(TransportException.class);
        nodes.wire(one).tap(method -> {});
        assertThat(lobby(one).count()).isZero();
        assertThat(one.rooms().destroy("lobby")).isFalse();
        await().atMost(SOON).until(() -> log.lines().contains("destroyed"));
        assertThat(log.lines()).containsOnlyOnce("ada left DESTROYED");
        await().atMost(SOON).until(() -> lobby(two).here().isEmpty());
    }

    @Test
    void whoHoldsWhatIsGoneTellsOfItUntilThatGoesWell() {
        RoomLog log = listen(two);
        lobby(one).join("ada");
        try (Transport raw = nodes.raw()) {
            Await.on(
                    raw.directory()
                            .orElseThrow()
                            .remove("room:lobby", "ada", one.self().id()),
                    SOON,
                    "remove");
        }
        AtomicInteger lost = new AtomicInteger();
        nodes.wire(one).tap(method -> {
            if (method.equals("publish") && lost.incrementAndGet() == 1) {
                throw new TransportException("this one is lost");
            }
        });
        nodes.wire(one).tellGap();
        await().atMost(SOON).until(() -> log.lines().contains("ada left LEFT"));
        await().atMost(SOON).until(() -> lobby(one).here().isEmpty());
        assertThat(lost).hasValueGreaterThan(1);
    }

    @Test
    void aNodeThatWasStoppedKeepsNoMemberWhoJoinedElsewhereMeanwhile() {
        lobby(one).join("ada");
        nodes.wire(one).become(Wire.State.CUT);
        try (Transport raw = nodes.raw()) {
            Await.on(raw.directory().orElseThrow().bury(one.self().id(), true), SOON, "bury");
        }
        assertThat(lobby(two).join("ada")).isTrue();
        nodes.wire(one).become(Wire.State.WHOLE);
        await().atMost(SOON).until(() -> lobby(one).here().isEmpty());
        assertThatThrownBy(() -> lobby(one).say("ada", "hello")).isInstanceOf(IllegalStateException.class);
        assertThat(lobby(two).find("ada").orElseThrow().node())
                .isEqualTo(two.self().id());
    }

    @Test
    void whoDoesNotListenAnyMoreHearsNothing() {
        RoomLog quiet = new RoomLog();
        Registration listening = lobby(two).listen(quiet);
        RoomLog log = listen(two);
        listening.close();
        lobby(one).join("ada");
        await().atMost(SOON).until(() -> log.lines().contains("ada joined"));
        assertThat(quiet.lines()).containsExactly("members []");
    }

    @Test
    void aListenerThatThrowsHearsOfWhatComesNext() {
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
        await().atMost(SOON).until(() -> log.lines().equals(List.of("a", "b")));
    }

    @Test
    void whoComesLaterHearsWhatWasSaidWithAHistoryAndGoesOnLive() {
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
            await().atMost(SOON)
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
    void withoutAServerTokenOneMayLookButNotJoinSpeakOrListen() {
        Cluster open = nodes.joinRemote("open", Optional.empty());
        lobby(one).join("ada");
        assertThat(lobby(open).members().map(RoomMember::id)).containsExactly("ada");
        assertThat(open.rooms().names()).containsExactly("lobby");
        assertThatThrownBy(() -> lobby(open).join("bob"))
                .isInstanceOf(NotSecuredException.class)
                .hasMessageContaining("COVEY_TOKEN");
        assertThatThrownBy(() -> lobby(open).broadcast("x")).isInstanceOf(NotSecuredException.class);
        assertThatThrownBy(() -> lobby(open).listen(message -> {})).isInstanceOf(NotSecuredException.class);
        assertThatThrownBy(() -> open.rooms().destroy("lobby")).isInstanceOf(NotSecuredException.class);
        assertThat(lobby(one).isMember("ada")).isTrue();
    }

    @Test
    void namesThatCouldMeanSomethingElseAreRefused() {
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
