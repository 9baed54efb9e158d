package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import io.covey.cluster.core.local.LocalBackend;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class LeaderTest {
    private static final Duration BEAT = Duration.ofMillis(300);
    private static final Duration LONG_BEAT = Duration.ofMinutes(1);
    private static final Duration LESS_THAN_A_BEAT = Duration.ofSeconds(40);

    @Test
    void theOldestLeadsAndAllAgree() {
        try (Nodes nodes = new Nodes(LocalBackend.create(), BEAT)) {
            Cluster one = nodes.join("one");
            Cluster two = nodes.join("two");
            Cluster three = nodes.join("three");
            for (Cluster node : List.of(one, two, three)) {
                assertThat(node.members().leader())
                        .isEqualTo(node.members().list().get(0))
                        .isEqualTo(one.self());
            }
        }
    }

    @Test
    void aLeaderThatClosesHandsOverAtOnce() {
        try (Nodes nodes = new Nodes(LocalBackend.create(), LONG_BEAT)) {
            Cluster one = nodes.join("one");
            Cluster two = nodes.join("two");
            List<String> heard = new CopyOnWriteArrayList<>();
            two.members().onLeader(leader -> heard.add(leader.name()));
            await().untilAsserted(() -> assertThat(heard).containsExactly("one"));
            one.close();
            await().atMost(LESS_THAN_A_BEAT)
                    .untilAsserted(() -> assertThat(heard).containsExactly("one", "two"));
            assertThat(two.members().leader()).isEqualTo(two.self());
        }
    }

    @Test
    void aLeaderThatDiesIsFollowedByTheNextOldestAfterItsLease() {
        try (Nodes nodes = new Nodes(LocalBackend.create(), LONG_BEAT)) {
            Cluster one = nodes.join("one");
            Cluster two = nodes.join("two");
            Cluster three = nodes.join("three");
            await().until(() -> two.members().list().size() == 3);
            List<String> heard = new CopyOnWriteArrayList<>();
            three.members().onLeader(leader -> heard.add(leader.name()));
            one.members().refresh();
            nodes.kill(one);
            two.members().refresh();
            three.members().refresh();
            for (int i = 0; i < 2; i++) {
                assertThat(three.members().leader()).isEqualTo(one.self());
                nodes.backend.passLeaseTime(LONG_BEAT.multipliedBy(2));
                two.members().refresh();
                three.members().refresh();
            }
            await().untilAsserted(() -> assertThat(heard).containsExactly("one", "two"));
            assertThat(two.members().leader()).isEqualTo(two.self());
        }
    }

    @Test
    void whoListensIsToldOnceWhoLeadsAndNotOfOtherChanges() {
        try (Nodes nodes = new Nodes(LocalBackend.create(), BEAT)) {
            Cluster one = nodes.join("one");
            List<String> first = new CopyOnWriteArrayList<>();
            List<String> ended = new CopyOnWriteArrayList<>();
            one.members().onLeader(leader -> first.add(leader.name()));
            Registration registration = one.members().onLeader(leader -> {
                ended.add(leader.name());
                throw new IllegalStateException("on purpose");
            });
            await().until(() -> !ended.isEmpty());
            registration.close();
            List<String> joined = new CopyOnWriteArrayList<>();
            one.members().onChange((change, node) -> joined.add(node.name()));
            nodes.join("two");
            await().until(() -> joined.contains("two"));
            await().untilAsserted(() -> assertThat(first).containsExactly("one"));
            assertThat(ended).containsExactly("one");
        }
    }
}
