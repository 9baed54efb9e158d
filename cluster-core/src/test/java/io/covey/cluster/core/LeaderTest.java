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
