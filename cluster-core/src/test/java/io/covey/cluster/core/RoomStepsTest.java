package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.Room;
import io.covey.cluster.RoomMember;
import io.covey.cluster.RoomMessage;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random joins, moves, leaves, removals, destructions and deaths, beside a map that knows who should be where. */
@Tag("long")
class RoomStepsTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int STEPS = 120;
    private static final int MEMBERS = 6;

    private final Nodes nodes = new Nodes();
    private final List<Cluster> alive = new ArrayList<>();
    private final Map<Cluster, Presence> presences = new HashMap<>();
    /** Member to node. */
    private final Map<String, String> oracle = new TreeMap<>();

    private int joined;

    @AfterEach
    void close() {
        nodes.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatTheDirectoryAndEachListenerKnowIsWhatHappened(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 3; i++) {
            join();
        }
        for (int step = 0; step < STEPS; step++) {
            step(random);
            if (step % 20 == 19) {
                settle(seed, step);
            }
        }
        settle(seed, STEPS);
        presences.forEach((node, presence) -> assertThat(presence.faults).isEmpty());
    }

    /** News of one member then come from several nodes at once, and overtake one another. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatManyDoAtOnceIsToldToAllInAnOrderThatCanBe(long seed) throws Exception {
        for (int i = 0; i < 3; i++) {
            join();
        }
        ExecutorService threads = Executors.newFixedThreadPool(9);
        try {
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                Random random = new Random(seed * 100 + i);
                Room<String> room = lobby(alive.get(i % 3));
                work.add(threads.submit(() -> {
                    for (int step = 0; step < 300; step++) {
                        String member = "m" + random.nextInt(3);
                        switch (random.nextInt(5)) {
                            case 0, 1 -> room.join(member);
                            case 2, 3 -> room.leave(member);
                            default -> room.remove(member);
                        }
                    }
                }));
            }
            for (Future<?> done : work) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        oracle.putAll(directory(alive.get(0)));
        settle(seed, 300);
        awaitHolders();
        presences.forEach((node, presence) -> assertThat(presence.faults).isEmpty());
    }

    private void step(Random random) {
        Cluster node = alive.get(random.nextInt(alive.size()));
        String member = "m" + random.nextInt(MEMBERS);
        switch (random.nextInt(20)) {
            case 0 -> kill(node);
            case 1 -> {
                node.rooms().destroy("lobby");
                oracle.clear();
            }
            case 2 -> {
                awaitHolders();
                try (Transport raw = nodes.raw()) {
                    // As if it had been silent for too long, or the backend had lost its memory.
                    Await.on(raw.directory().orElseThrow().bury(node.self().id(), true), SOON, "bury");
                }
                node.members().refresh();
            }
            case 3, 4, 5 -> {
                boolean was = oracle.remove(member) != null;
                assertThat(lobby(node).remove(member)).isEqualTo(was);
            }
            case 6, 7, 8, 9 -> {
                boolean was = oracle.remove(member, node.self().id());
                assertThat(lobby(node).leave(member)).isEqualTo(was);
            }
            default -> {
                boolean was = oracle.put(member, node.self().id()) != null;
                assertThat(lobby(node).join(member)).isEqualTo(!was);
            }
        }
    }

    private void join() {
        Cluster node = nodes.join("n" + joined++);
        alive.add(node);
        Presence presence = new Presence();
        lobby(node).listen(presence);
        presences.put(node, presence);
    }

    /** Holders hear of what others did a little later, and would write again what they did not hear of. */
    private void awaitHolders() {
        await().atMost(SOON)
                .until(() -> alive.stream()
                        .allMatch(node -> lobby(node).here().stream()
                                .allMatch(member -> node.self().id().equals(oracle.get(member)))));
    }

    /** Its members go with it, once somebody has noticed. */
    private void kill(Cluster node) {
        awaitHolders();
        nodes.kill(node);
        alive.remove(node);
        presences.remove(node);
        oracle.values().removeIf(node.self().id()::equals);
        nodes.backend.passLeaseTime(Duration.ofMillis(900));
        await().atMost(SOON).until(() -> {
            alive.forEach(each -> each.members().refresh());
            return alive.stream()
                    .noneMatch(each -> each.members().find(node.self().id()).isPresent());
        });
        join();
        await().atMost(SOON)
                .until(() ->
                        alive.stream().allMatch(each -> each.members().refresh().size() == alive.size()));
        await().atMost(SOON).until(() -> directory(alive.get(0)).equals(oracle));
    }

    private void settle(long seed, int step) {
        for (Cluster node : alive) {
            await("directory, seed " + seed + ", step " + step)
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(directory(node)).isEqualTo(oracle));
            await("listener, seed " + seed + ", step " + step)
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(new TreeMap<>(presences.get(node).present))
                            .isEqualTo(oracle));
        }
    }

    private static Map<String, String> directory(Cluster node) {
        Map<String, String> found = new TreeMap<>();
        lobby(node).members().forEach(member -> found.put(member.id(), member.node()));
        return found;
    }

    private static Room<String> lobby(Cluster node) {
        return node.rooms().room("lobby", String.class);
    }

    /** Who is there as a listener was told, and what it was told that cannot be. */
    private static final class Presence implements Room.Listener<String> {
        private final Map<String, String> present = new ConcurrentHashMap<>();
        private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();

        @Override
        public void onMembers(List<RoomMember> members) {
            members.forEach(member -> present.put(member.id(), member.node()));
        }

        @Override
        public void onMessage(RoomMessage<String> message) {
            faults.add("nobody said anything");
        }

        @Override
        public void onJoined(RoomMember member) {
            if (present.put(member.id(), member.node()) != null) {
                faults.add(member.id() + " joined twice");
            }
        }

        @Override
        public void onUpdated(RoomMember member) {
            if (present.put(member.id(), member.node()) == null) {
                faults.add(member.id() + " was updated and not there");
            }
        }

        @Override
        public void onLeft(RoomMember member, Room.Departure how) {
            if (present.remove(member.id()) == null) {
                faults.add(member.id() + " left and was not there");
            }
        }
    }
}
