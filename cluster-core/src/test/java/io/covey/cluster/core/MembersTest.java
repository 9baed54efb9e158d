package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.Members.Change;
import io.covey.cluster.Node;
import io.covey.cluster.Registration;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MembersTest {
    private static final Duration LEASE = Duration.ofMillis(900);
    private static final Duration SOON = Duration.ofSeconds(30);
    private final Nodes nodes = new Nodes();

    @AfterEach
    void close() {
        nodes.close();
    }

    @Test
    void eachSeesTheOtherOldestFirst() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        await().untilAsserted(() -> assertThat(one.members().list()).containsExactly(one.self(), two.self()));
        assertThat(two.members().list()).containsExactly(one.self(), two.self());
        assertThat(one.members().find(two.self().id())).contains(two.self());
    }

    @Test
    void anIdIsMadeOfPlainCharactersAndNeverTheSame() {
        Instant now = Instant.now();
        String odd = Identity.id("web@1/ü", "host name\n", 7, now);
        assertThat(odd).matches("[A-Za-z0-9_.:-]{1,150}");
        assertThat(Identity.id("n".repeat(128), "h".repeat(255), Long.MAX_VALUE, now))
                .matches("[A-Za-z0-9_.:-]{1,150}");
        assertThat(Identity.id("web@1/ü", "host name\n", 7, now)).isNotEqualTo(odd);
    }

    @Test
    void whoClosesHasLeftAndIsToldOfOnce() {
        Cluster one = nodes.join("one");
        List<String> heard = listen(one);
        Cluster two = nodes.join("two");
        Node gone = two.self();
        await().untilAsserted(() -> assertThat(heard).containsExactly("JOINED two"));
        two.close();
        await().untilAsserted(() -> assertThat(heard).containsExactly("JOINED two", "LEFT two"));
        assertThat(one.members().find(gone.id())).isEmpty();
        one.members().refresh();
        assertThat(heard).hasSize(2);
    }

    @Test
    void whoIsSilentHasDiedAndEveryOtherHearsOfItOnce() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        Cluster three = nodes.join("three");
        await().until(() ->
                one.members().list().size() == 3 && two.members().list().size() == 3);
        List<String> heardByOne = listen(one);
        List<String> heardByTwo = listen(two);
        nodes.kill(three);
        nodes.backend.passLeaseTime(LEASE);
        await().untilAsserted(() -> {
            one.members().refresh();
            two.members().refresh();
            // A living node may be late, too, when time passes at once; it is not buried for that by itself.
            assertThat(heardByOne).contains("DIED three");
            assertThat(heardByTwo).contains("DIED three");
        });
        assertThat(heardByOne.stream().filter("DIED three"::equals)).hasSize(1);
        assertThat(heardByTwo.stream().filter("DIED three"::equals)).hasSize(1);
        assertThat(heardByOne).doesNotContain("LEFT three");
    }

    @Test
    void aNodeThatWasBuriedRegistersAgainWithWhatItHolds() {
        Cluster one = nodes.join("one");
        one.owners().hold("connection", "c1", Map.of());
        try (Transport raw = nodes.raw()) {
            Directory directory = raw.directory().orElseThrow();
            // A beat of its own may have it back before anybody could look whether it is gone.
            assertThat(Await.on(directory.bury(one.self().id(), true), LEASE, "bury"))
                    .extracting(Directory.Row::group)
                    .containsExactlyInAnyOrder("nodes", "own:connection");
            one.members().refresh();
            assertThat(Await.on(directory.find("nodes", one.self().id()), LEASE, "find"))
                    .isPresent();
        }
        assertThat(nodes.join("two").owners().find("connection", "c1")).contains(one.self());
    }

    @Test
    void aNodeThatWasBuriedRegistersAgainAlsoIfItsFirstTryFails() {
        Cluster one = nodes.join("one");
        one.owners().hold("connection", "c1", Map.of());
        AtomicInteger puts = new AtomicInteger();
        nodes.wire(one).tap(method -> {
            if (method.equals("put") && puts.incrementAndGet() == 1) {
                throw new TransportException("the first row is lost");
            }
        });
        try (Transport raw = nodes.raw()) {
            Directory directory = raw.directory().orElseThrow();
            Await.on(directory.bury(one.self().id(), true), LEASE, "bury");
            await().untilAsserted(() -> {
                assertThat(Await.on(directory.find("nodes", one.self().id()), LEASE, "find"))
                        .isPresent();
                assertThat(Await.on(directory.find("own:connection", "c1"), LEASE, "find"))
                        .isPresent();
            });
        }
        assertThat(puts).hasValueGreaterThan(1);
    }

    @Test
    void aNodeThatIsTakenForDeadWhileItJoinsBeginsAgain() {
        AtomicInteger puts = new AtomicInteger();
        try (Transport raw = nodes.raw()) {
            Directory directory = raw.directory().orElseThrow();
            Cluster one = nodes.join("one", method -> {
                if (method.equals("put") && puts.incrementAndGet() == 1) {
                    Set<String> alive = Await.on(directory.beat("looker", LEASE, 0), LEASE, "look")
                            .alive()
                            .orElseThrow();
                    alive.forEach(id -> Await.on(directory.bury(id, true), LEASE, "bury"));
                }
            });
            assertThat(Await.on(directory.find("nodes", one.self().id()), LEASE, "find"))
                    .isPresent();
        }
        assertThat(puts).hasValueGreaterThan(1);
    }

    @Test
    void whatIsGivenUpWhileTheNodeRegistersAgainIsNotWrittenAgain() throws Exception {
        Cluster one = nodes.join("one");
        Registration hold = one.owners().hold("connection", "c1", Map.of());
        Thread givesUp = new Thread(hold::close);
        AtomicInteger finds = new AtomicInteger();
        nodes.wire(one).tap(method -> {
            if (method.equals("find") && finds.incrementAndGet() == 1) {
                givesUp.start();
                await().until(() -> !givesUp.isAlive() || givesUp.getState() == Thread.State.WAITING);
            }
        });
        try (Transport raw = nodes.raw()) {
            Directory directory = raw.directory().orElseThrow();
            Await.on(directory.bury(one.self().id(), true), LEASE, "bury");
            await().until(() -> finds.get() > 0);
            givesUp.join();
            one.members().refresh();
            assertThat(Await.on(directory.find("own:connection", "c1"), LEASE, "find"))
                    .isEmpty();
        }
    }

    @Test
    void aHoldThatFailsLeavesTheEarlierOneToItsRegistration() {
        Cluster one = nodes.join("one");
        Registration first = one.owners().hold("connection", "c1", Map.of());
        nodes.wire(one).tap(method -> {
            if (method.equals("put")) {
                throw new TransportException("not this one");
            }
        });
        assertThatThrownBy(() -> one.owners().hold("connection", "c1", Map.of("n", "2")))
                .isInstanceOf(TransportException.class);
        first.close();
        assertThat(one.owners().find("connection", "c1")).isEmpty();
    }

    @Test
    void whatIsGivenUpInAnOutageIsGoneAfterIt() {
        Cluster one = nodes.join("one");
        Registration first = one.owners().hold("connection", "c1", Map.of());
        Registration second = one.owners().hold("connection", "c2", Map.of());
        nodes.wire(one).become(Wire.State.CUT);
        first.close();
        second.close();
        nodes.wire(one).become(Wire.State.WHOLE);
        await().atMost(SOON).until(() -> one.owners().count("connection") == 0);
        assertThat(one.owners().list("connection")).isEmpty();
    }

    @Test
    void aHoldWhoseAnswerIsLostIsUndone() {
        Cluster one = nodes.join("one");
        one.owners().hold("connection", "c1", Map.of("n", "1"));
        nodes.wire(one).become(Wire.State.DEAF);
        for (String key : List.of("c1", "c2")) {
            assertThatThrownBy(() -> one.owners().hold("connection", key, Map.of("n", "2")))
                    .isInstanceOf(TransportException.class);
        }
        nodes.wire(one).become(Wire.State.WHOLE);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(one.owners().list("connection"))
                        .extracting(owned -> owned.key() + " " + owned.metadata())
                        .containsExactly("c1 {n=1}"));
    }

    @Test
    void aNewHoldIsNotEndedByTheEndOfAnOlderThatIsUnderWay() throws Exception {
        Cluster one = nodes.join("one");
        Registration older = one.owners().hold("connection", "c1", Map.of());
        CountDownLatch held = new CountDownLatch(1);
        Thread newer = new Thread(() -> {
            one.owners().hold("connection", "c1", Map.of());
            held.countDown();
        });
        nodes.wire(one).tap(method -> {
            if (method.equals("remove")) {
                newer.start();
                awaitFor(held, Duration.ofMillis(300));
            }
        });
        older.close();
        newer.join();
        assertThat(one.owners().find("connection", "c1")).contains(one.self());
    }

    private static void awaitFor(CountDownLatch latch, Duration time) {
        try {
            latch.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aBeatThatFailsIsFollowedByTheNext() {
        Cluster one = nodes.join("one");
        nodes.wire(one).become(Wire.State.CUT);
        Cluster two = nodes.join("two");
        await().until(() -> nodes.wire(one).refused() >= 3);
        assertThat(one.members().list()).containsExactly(one.self());
        nodes.wire(one).become(Wire.State.WHOLE);
        await().untilAsserted(() -> assertThat(one.members().list()).contains(two.self()));
    }

    @Test
    void aBackendThatForgotEverybodyKillsNobody() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        await().until(() -> one.members().list().size() == 2);
        List<String> heard = listen(one);
        nodes.wire(one).become(Wire.State.CUT);
        nodes.wire(two).become(Wire.State.CUT);
        try (Transport raw = nodes.raw()) {
            Directory directory = raw.directory().orElseThrow();
            Await.on(directory.bury(one.self().id(), true), LEASE, "bury");
            Await.on(directory.bury(two.self().id(), true), LEASE, "bury");
            nodes.wire(one).become(Wire.State.WHOLE);
            assertThat(one.members().refresh()).containsExactly(one.self(), two.self());
            nodes.wire(two).become(Wire.State.WHOLE);
            await().until(() -> Await.on(directory.find("nodes", two.self().id()), LEASE, "find")
                    .isPresent());
        }
        assertThat(one.members().refresh()).containsExactly(one.self(), two.self());
        assertThat(heard).isEmpty();
    }

    @Test
    void withoutABusAGoodbyeAndADeathAreStillToldApart() {
        Cluster one = nodes.joinRemote("one", Optional.empty());
        Cluster two = nodes.joinRemote("two", Optional.empty());
        Cluster three = nodes.joinRemote("three", Optional.empty());
        await().until(() -> one.members().list().size() == 3);
        List<String> heard = listen(one);
        three.close();
        await().untilAsserted(() -> assertThat(heard).containsExactly("LEFT three"));
        nodes.kill(two);
        nodes.backend.passLeaseTime(LEASE);
        await().untilAsserted(() -> assertThat(heard).containsExactly("LEFT three", "DIED two"));
    }

    @Test
    void whoHearsOfAChangeFindsItInTheList() {
        Cluster one = nodes.join("one");
        List<String> heard = new CopyOnWriteArrayList<>();
        one.members().onChange((change, node) -> {
            if (change == Change.SUSPECTED || change == Change.RESUMED) {
                return;
            }
            boolean listed = one.members().find(node.id()).isPresent();
            heard.add(change + " " + (listed ? "listed" : "not listed"));
        });
        for (int i = 0; i < 10; i++) {
            int before = heard.size();
            Cluster two = nodes.join("two");
            await().untilAsserted(() -> assertThat(heard).hasSize(before + 1));
            two.close();
            await().untilAsserted(() -> assertThat(heard).hasSize(before + 2));
        }
        assertThat(heard).containsOnly("JOINED listed", "LEFT not listed");
    }

    @Test
    void aListenerThatThrowsOrEndsDisturbsNobody() {
        Cluster one = nodes.join("one");
        one.members().onChange((change, node) -> {
            throw new IllegalStateException("on purpose");
        });
        List<String> ended = new CopyOnWriteArrayList<>();
        Registration registration = one.members().onChange((change, node) -> ended.add(node.name()));
        List<String> heard = listen(one);
        registration.close();
        registration.close();
        nodes.join("two");
        nodes.join("three");
        await().untilAsserted(() -> assertThat(heard).containsExactly("JOINED two", "JOINED three"));
        assertThat(ended).isEmpty();
    }

    @Test
    void theNewestHolderIsFoundAndOnlyItsOwnRegistrationEndsIt() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        Registration first = one.owners().hold("connection", "c1", Map.of("user", "ada"));
        assertThat(two.owners().find("connection", "c1")).contains(one.self());
        Registration second = two.owners().hold("connection", "c1", Map.of());
        first.close();
        assertThat(one.owners().find("connection", "c1")).contains(two.self());
        second.close();
        second.close();
        assertThat(one.owners().find("connection", "c1")).isEmpty();
    }

    @Test
    void anOlderHoldOfOneNodeDoesNotEndItsNewer() {
        Cluster one = nodes.join("one");
        Registration first = one.owners().hold("connection", "c1", Map.of("n", "1"));
        one.owners().hold("connection", "c1", Map.of("n", "2"));
        first.close();
        assertThat(one.owners().find("connection", "c1")).contains(one.self());
    }

    @Test
    void whatADeadNodeHeldIsGone() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        two.owners().hold("connection", "c1", Map.of());
        assertThat(one.owners().find("connection", "c1")).contains(two.self());
        nodes.kill(two);
        nodes.backend.passLeaseTime(LEASE);
        await().untilAsserted(() -> {
            one.members().refresh();
            assertThat(one.owners().find("connection", "c1")).isEmpty();
        });
    }

    @Test
    void theClockIsThatOfTheBackend() {
        Cluster one = nodes.join("one");
        try (Transport raw = nodes.raw()) {
            Instant backend = Await.on(raw.time(), LEASE, "time");
            assertThat(Duration.between(backend, one.clock().instant()).abs()).isLessThan(Duration.ofSeconds(10));
        }
    }

    /** Without suspicions: on a busy machine anybody may be late. */
    private static List<String> listen(Cluster node) {
        List<String> heard = new CopyOnWriteArrayList<>();
        node.members().onChange((Change change, Node who) -> {
            if (change != Change.SUSPECTED && change != Change.RESUMED) {
                heard.add(change + " " + who.name());
            }
        });
        return heard;
    }
}
