package io.covey.cluster.examples.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.Room;
import io.covey.cluster.RoomMember;
import io.covey.cluster.examples.OnBothDrivers;
import io.covey.cluster.examples.OnEveryTransport;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.connections.ConnectionInfo;
import io.covey.cluster.rpc.connections.Connections;
import io.covey.cluster.rpc.connections.Verbs;
import io.covey.cluster.tck.RoomLog;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

/** Two nodes, their rooms and their connections, on every transport. */
@Timeout(180)
final class SharedRoomsTest {
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Procedure<String, String> UPPER = Procedure.of("upper", String.class, String.class);

    @OnEveryTransport
    void membersHearOneAnotherAndSeeWhoComesAndGoes(String scheme) {
        try (Backend backend = new Backend(scheme)) {
            Room<String> one = lobby(backend.join(backend.config("one").beat(BEAT)));
            Room<String> two = lobby(backend.join(backend.config("two").beat(BEAT)));
            one.join("ada", Map.of("colour", "red"));
            RoomLog log = new RoomLog();
            two.listen(log);
            one.join("bob");
            one.say("bob", "hello");
            one.join("bob", Map.of("colour", "blue"));
            one.leave("bob");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(log.lines())
                            .containsExactly(
                                    "members [ada]",
                                    "bob joined",
                                    "bob: hello",
                                    "bob updated {colour=blue}",
                                    "bob left LEFT"));
            assertThat(two.join("ada")).isFalse(); // moves there
            await().atMost(PATIENCE).until(() -> one.here().isEmpty());
            assertThat(one.leave("ada")).isFalse();
            assertThat(one.members().map(RoomMember::id)).containsExactly("ada");
            assertThat(one.remove("ada")).isTrue();
            await().atMost(PATIENCE).until(() -> two.here().isEmpty());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(log.lines()).endsWith("ada updated {}", "ada left LEFT"));
        }
    }

    @OnEveryTransport
    void aLargeRoomIsListedCountedAndDestroyedAndNothingIsLeft(String scheme) {
        try (Backend backend = new Backend(scheme)) {
            Cluster one = backend.join(backend.config("one").beat(BEAT));
            Cluster two = backend.join(backend.config("two").beat(BEAT));
            RoomLog log = new RoomLog();
            lobby(one).listen(log);
            one.rooms().create("lobby");
            two.rooms().create("empty");
            IntStream.range(0, 1200).forEach(i -> lobby(i % 2 == 0 ? one : two).join("m" + i));
            assertThat(lobby(one).count()).isEqualTo(1200);
            assertThat(lobby(two).members().map(RoomMember::id).distinct()).hasSize(1200);
            assertThat(one.rooms().names()).containsExactly("empty", "lobby");
            two.rooms().destroy("lobby");
            two.rooms().destroy("empty");
            assertThat(one.rooms().names()).isEmpty();
            await().atMost(PATIENCE).until(() -> log.lines().contains("destroyed"));
            assertThat(log.lines().stream().filter(line -> line.endsWith(" DESTROYED")))
                    .hasSize(1200)
                    .doesNotHaveDuplicates();
            await().atMost(PATIENCE)
                    .until(() ->
                            lobby(one).here().isEmpty() && lobby(two).here().isEmpty());
            if (!scheme.equals("local")) {
                assertThat(backend.redis.command("KEYS", "*room*")).isEqualTo("[]");
            }
        }
    }

    @OnEveryTransport
    void aConnectionIsFoundAndDoesWhatItHasVerbsFor(String scheme) throws Exception {
        try (Backend backend = new Backend(scheme)) {
            Connections one = Connections.on(backend.join(backend.config("one").beat(BEAT)));
            Cluster there = backend.join(backend.config("two").beat(BEAT));
            List<String> taken = new CopyOnWriteArrayList<>();
            Verbs verbs = Verbs.none()
                    .on(UPPER, (connection, text) -> text.toUpperCase(Locale.ROOT))
                    .messages(String.class, (connection, text) -> taken.add(text));
            Connections.on(there).open("abc", Map.of("user", "ada"), verbs);
            assertThat(one.apply("abc", UPPER, "hello").get()).isEqualTo("HELLO");
            for (int i = 0; i < 20; i++) {
                one.send("abc", "m" + i);
            }
            one.send("abc", "end").get();
            assertThat(taken).hasSize(21).startsWith("m0", "m1").endsWith("m19", "end");
            IntStream.range(0, 1000).forEach(i -> Connections.on(there).open("c" + i, Map.of(), verbs));
            assertThat(one.count()).isEqualTo(1001);
            assertThat(one.list().map(ConnectionInfo::id).distinct()).hasSize(1001);
            there.close();
            assertThat(one.count()).isZero();
        }
    }

    @OnBothDrivers
    void aRedisThatLostItsMemoryIsToldAgainAndNobodyHearsOfIt(String scheme) throws Exception {
        try (Backend backend = new Backend(scheme)) {
            Cluster one = backend.join(backend.config("one").beat(BEAT));
            Cluster two = backend.join(backend.config("two").beat(BEAT));
            lobby(one).join("ada");
            lobby(two).join("bob");
            Connections.on(two).open("abc", Map.of(), Verbs.none().on(UPPER, (connection, text) -> text + "!"));
            RoomLog log = new RoomLog();
            lobby(one).listen(log);
            backend.redis.command("FLUSHALL");
            await().atMost(PATIENCE)
                    .until(() -> lobby(one)
                            .members()
                            .map(RoomMember::id)
                            .sorted()
                            .toList()
                            .equals(List.of("ada", "bob")));
            await().atMost(PATIENCE).until(() -> Connections.on(one).find("abc").isPresent());
            assertThat(Connections.on(one).apply("abc", UPPER, "x").get()).isEqualTo("x!");
            lobby(two).say("bob", "still here");
            await().atMost(PATIENCE).until(() -> log.lines().contains("bob: still here"));
            assertThat(log.lines()).containsExactly("members [ada, bob]", "bob: still here");
            lobby(two).leave("bob");
            await().atMost(PATIENCE).until(() -> log.lines().contains("bob left LEFT"));
            assertThat(lobby(one).count()).isEqualTo(1);
        }
    }

    @OnBothDrivers
    void whoWasCutOffIsToldWhoCameAndWentMeanwhile(String scheme) {
        try (Backend backend = new Backend(scheme)) {
            Cluster one = backend.join(backend.config("one").beat(BEAT));
            Cluster two = backend.join(backend.config("two").beat(BEAT));
            lobby(one).join("goes");
            RoomLog log = new RoomLog();
            lobby(two).listen(log);
            for (int i = 0; i < 20; i++) {
                backend.redis.command("CLIENT", "KILL", "TYPE", "pubsub");
                lobby(one).join("m" + i);
            }
            lobby(one).leave("goes");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(log.lines())
                            .contains("goes left LEFT")
                            .containsAll(IntStream.range(0, 20)
                                    .mapToObj(i -> "m" + i + " joined")
                                    .toList()));
            assertThat(log.lines().stream().filter(line -> !line.equals("gap"))).doesNotHaveDuplicates();
        }
    }

    private static Room<String> lobby(Cluster node) {
        return node.rooms().room("lobby", String.class);
    }
}
