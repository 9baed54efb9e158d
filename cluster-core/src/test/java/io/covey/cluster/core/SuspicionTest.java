package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.TransportException;
import io.covey.cluster.core.local.LocalBackend;
import io.covey.cluster.core.local.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Leases run only as the tests say. */
class SuspicionTest {
    private static final Duration BEAT = Duration.ofMillis(300);
    private static final Duration MORE_THAN_HALF = Duration.ofMillis(500);
    private static final Duration THE_REST = Duration.ofMillis(400);
    private static final Duration LONG_BEAT = Duration.ofMinutes(1);
    private static final Duration LESS_THAN_A_BEAT = Duration.ofSeconds(40);

    private final ExecutorService listeners = Executors.newSingleThreadExecutor();
    private final Nodes nodes =
            new Nodes(LocalBackend.create(ManualClock.at(Instant.EPOCH), (Executor) listeners), BEAT);

    @AfterEach
    void close() {
        nodes.close();
        listeners.shutdown();
    }

    @Test
    void whoIsSilentForMoreThanHalfItsLeaseIsSuspectedAndStillAMember() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        List<String> heard = listen(one, two);
        silence(two);
        nodes.backend.passLeaseTime(MORE_THAN_HALF);
        await().untilAsserted(() -> assertThat(heard).containsExactly("SUSPECTED, told by suspected()"));
        assertThat(one.members().suspected()).containsExactly(two.self());
        assertThat(one.members().list()).containsExactlyInAnyOrder(one.self(), two.self());
        assertThat(one.members().find(two.self().id())).contains(two.self());
    }

    @Test
    void whoBeatsAgainIsNotSuspectedAnyMore() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        List<String> heard = listen(one, two);
        for (int i = 0; i < 2; i++) {
            silence(two);
            nodes.backend.passLeaseTime(MORE_THAN_HALF);
            await().until(() -> one.members().suspected().contains(two.self()));
            nodes.wire(two).become(Wire.State.WHOLE);
            await().until(() -> one.members().suspected().isEmpty());
        }
        await().untilAsserted(() -> assertThat(heard)
                .containsExactly(
                        "SUSPECTED, told by suspected()", "RESUMED", "SUSPECTED, told by suspected()", "RESUMED"));
    }

    @Test
    void whoIsSuspectedAndStaysSilentDiesOnceAndIsSuspectedNoMore() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        List<String> heard = listen(one, two);
        silence(two);
        nodes.backend.passLeaseTime(MORE_THAN_HALF);
        await().until(() -> heard.size() == 1);
        nodes.backend.passLeaseTime(THE_REST);
        await().untilAsserted(() -> assertThat(heard).containsExactly("SUSPECTED, told by suspected()", "DIED"));
        assertThat(one.members().suspected()).isEmpty();
        one.members().refresh();
        one.members().refresh();
        assertThat(heard).hasSize(2);
    }

    @Test
    void whoIsSuspectedAndSaysGoodbyeHasLeft() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        List<String> heard = listen(one, two);
        // Its beats are lost, its goodbye is not.
        nodes.wire(two).tap(method -> {
            if (method.equals("beat")) {
                throw new TransportException("lost");
            }
        });
        nodes.backend.passLeaseTime(MORE_THAN_HALF);
        await().until(() -> heard.size() == 1);
        two.close();
        await().untilAsserted(() -> assertThat(heard).containsExactly("SUSPECTED, told by suspected()", "LEFT"));
    }

    @Test
    void aDeathIsNoticedWhenTheLeaseIsOverAndNotAtTheNextBeat() {
        try (Nodes slow = new Nodes(LocalBackend.create(), LONG_BEAT)) {
            Cluster one = slow.join("one");
            Cluster two = slow.join("two");
            await().until(() -> one.members().list().size() == 2);
            List<String> heard = listen(one, two);
            two.members().refresh();
            slow.kill(two);
            one.members().refresh();
            slow.backend.passLeaseTime(LONG_BEAT.multipliedBy(3).minusMillis(500));
            one.members().refresh();
            await().atMost(LESS_THAN_A_BEAT).until(() -> heard.contains("DIED"));
        }
    }

    /** When this returns no beat is under way any more. */
    private void silence(Cluster node) {
        int refused = nodes.wire(node).refused();
        nodes.kill(node);
        await().until(() -> nodes.wire(node).refused() > refused);
    }

    private static List<String> listen(Cluster node, Cluster to) {
        await().until(() -> node.members().list().contains(to.self()));
        List<String> heard = new CopyOnWriteArrayList<>();
        node.members().onChange((change, who) -> {
            if (who.equals(to.self())) {
                heard.add(change + (node.members().suspected().contains(who) ? ", told by suspected()" : ""));
            }
        });
        return heard;
    }
}
