package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.NotSecuredException;
import io.covey.cluster.Room;
import io.covey.cluster.RoomMember;
import io.covey.cluster.RoomMessage;
import io.covey.cluster.TransportException;
import io.covey.cluster.core.local.LocalBackend;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.tck.RoomLog;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of rooms where answers and news are lost; what they promise otherwise is {@code RoomsContract}. */
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
    void whoseJoiningIsToldAfterTheRoomWasDestroyedIsOutForThatReason() throws InterruptedException {
        RoomLog log = listen(two);
        CountDownLatch told = new CountDownLatch(1);
        Thread joining = new Thread(() -> lobby(one).join("ada"));
        nodes.wire(one).tap(method -> {
            if (method.equals("publish") && Thread.currentThread() == joining) {
                awaitOn(told);
            }
        });
        joining.start();
        await().atMost(SOON).until(() -> lobby(two).isMember("ada"));
        two.rooms().destroy("lobby");
        await().atMost(SOON).until(() -> log.lines().contains("destroyed"));
        told.countDown();
        joining.join(SOON.toMillis());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(log.lines())
                        .containsExactly("members []", "destroyed", "ada joined", "ada left DESTROYED"));
        await().atMost(SOON).until(() -> lobby(one).here().isEmpty());
    }

    @Test
    void whoseJoiningCouldNotBeToldBeforeTheRoomWasDestroyedDoesNotComeBack() {
        RoomLog log = listen(two);
        CountDownLatch destroyed = new CountDownLatch(1);
        joinUntold("ada", destroyed);
        nodes.wire(one).loseMessages(true);
        two.rooms().destroy("lobby");
        destroyed.countDown();
        await().atMost(SOON).until(() -> lobby(one).here().isEmpty());
        assertThat(lobby(two).count()).isZero();
        await().atMost(SOON).until(() -> log.lines().contains("destroyed"));
        assertThat(log.lines()).doesNotContain("ada joined");
    }

    @Test
    void whoseJoiningCouldNotBeToldBeforeTheBackendForgotItsNodeIsBackAndTold() {
        RoomLog log = listen(two);
        CountDownLatch forgotten = new CountDownLatch(1);
        joinUntold("ada", forgotten);
        try (Transport raw = nodes.raw()) {
            Await.on(raw.directory().orElseThrow().bury(one.self().id(), true), SOON, "bury");
        }
        forgotten.countDown();
        await().atMost(SOON).until(() -> lobby(two).isMember("ada"));
        await().atMost(SOON).until(() -> log.lines().contains("ada joined"));
        assertThat(lobby(one).here()).containsExactly("ada");
    }

    /** Joins on the first node, which cannot tell of it and settles that as soon as it may. */
    private void joinUntold(String member, CountDownLatch settle) {
        Thread caller = Thread.currentThread();
        AtomicInteger lost = new AtomicInteger();
        nodes.wire(one).tap(method -> {
            if (method.equals("publish") && Thread.currentThread() == caller) {
                lost.incrementAndGet();
                throw new TransportException("this one is lost");
            }
            if (method.equals("find")) {
                awaitOn(settle);
            }
        });
        assertThat(lobby(one).join(member)).isTrue();
        assertThat(lost).hasValue(1);
    }

    @Test
    void whatIsDestroyedWhileALostJoinIsUndoneDoesNotComeBack() {
        Wire wire = nodes.wire(one);
        lobby(one).join("ada");
        wire.become(Wire.State.DEAF);
        assertThatThrownBy(() -> lobby(one).join("ada", Map.of("mood", "good"))).isInstanceOf(TransportException.class);
        CountDownLatch undoing = new CountDownLatch(1);
        CountDownLatch destroyed = new CountDownLatch(1);
        wire.tap(method -> {
            if (method.equals("put")) {
                undoing.countDown();
                awaitOn(destroyed);
            }
        });
        wire.loseMessages(true);
        wire.become(Wire.State.WHOLE);
        awaitOn(undoing);
        assertThat(two.rooms().destroy("lobby")).isTrue();
        destroyed.countDown();
        await().atMost(SOON)
                .until(() -> lobby(one).here().isEmpty() && lobby(two).count() == 0);
    }

    private static void awaitOn(CountDownLatch latch) {
        try {
            assertThat(latch.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
    void whatWasMissedIsToldLongBeforeALeaseHasPassedThoughTheFirstReadFails() {
        try (Nodes slow = new Nodes(LocalBackend.create(), Duration.ofMinutes(1))) {
            Cluster near = slow.join("near");
            Cluster far = slow.join("far");
            RoomLog log = listen(near);
            slow.wire(far).tap(method -> {
                if (method.equals("publish")) {
                    throw new TransportException("nothing is told");
                }
            });
            lobby(far).join("ada");
            Wire wire = slow.wire(near);
            AtomicInteger reads = new AtomicInteger();
            wire.tap(method -> {
                if (method.equals("page") && reads.incrementAndGet() <= 2) {
                    throw new TransportException("not yet");
                }
            });
            wire.tellGap();
            await().atMost(SOON).until(() -> log.lines().contains("ada joined"));
            assertThat(reads).hasValueGreaterThan(2);
            slow.wire(far).tap(method -> {});
        }
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
    void aListenerThatThrowsAnErrorHearsOfAllTheOthersWhoDiedWithANode() {
        RoomLog log = new RoomLog();
        lobby(one).listen(new Room.Listener<>() {
            @Override
            public void onMessage(RoomMessage<String> message) {
                log.onMessage(message);
            }

            @Override
            public void onJoined(RoomMember member) {
                log.onJoined(member);
            }

            @Override
            public void onLeft(RoomMember member, Room.Departure how) {
                log.onLeft(member, how);
                throw new AssertionError("on purpose");
            }
        });
        lobby(two).join("ada");
        lobby(two).join("bob");
        await().atMost(SOON).until(() -> log.lines().size() == 2);
        two.close();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(log.lines())
                        .filteredOn(line -> line.contains("left"))
                        .containsExactlyInAnyOrder("ada left LEFT", "bob left LEFT"));
    }
}
