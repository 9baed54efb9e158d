package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.ClusterException;
import io.covey.cluster.Registration;
import io.covey.cluster.Topic;
import io.covey.cluster.TransportException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CloseTest {
    private final Nodes nodes = new Nodes();

    @AfterEach
    void close() {
        nodes.close();
    }

    @Test
    void whatClosesWithTheNodeIsDrainedInReverseOrderWhileTheNodeStillWorks() {
        Cluster one = nodes.join("one");
        List<String> order = new ArrayList<>();
        one.closeWith(drain -> order.add("first"));
        one.closeWith(drain -> {
            throw new IllegalStateException("on purpose");
        });
        Registration ended = one.closeWith(drain -> order.add("never"));
        one.closeWith(drain -> {
            one.cache("c", String.class).put("k", "v");
            assertThat(drain).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
            order.add("last");
        });
        ended.close();
        one.close(Duration.ofSeconds(60));
        one.close();
        assertThat(order).containsExactly("last", "first");
    }

    @Test
    void anErrorOfWhatClosesWithTheNodeKeepsNothingOpen() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        one.closeWith(drain -> {
            throw new NoClassDefFoundError("on purpose");
        });
        one.close(Duration.ofSeconds(1));
        assertThat(two.members().refresh()).containsExactly(two.self());
    }

    @Test
    void aNodeMayBeGivenAnyTimeToDrain() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        one.close(ChronoUnit.FOREVER.getDuration());
        one.close(ChronoUnit.FOREVER.getDuration());
        assertThat(two.members().refresh()).containsExactly(two.self());
    }

    @Test
    void noThreadOfTheNodeIsLeft() throws Exception {
        Cluster one = nodes.join("leaky");
        Cluster two = nodes.join("other");
        List<String> heard = new CopyOnWriteArrayList<>();
        CountDownLatch forever = new CountDownLatch(1);
        one.topic("/t", String.class).subscribe(text -> {
            heard.add(text);
            try {
                forever.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        two.topic("/t", String.class).publish("x");
        one.cache("c", String.class)
                .async()
                .put("k", "v", Duration.ofSeconds(1))
                .toCompletableFuture()
                .join();
        one.lock("l").tryLock(Duration.ZERO).orElseThrow();
        one.stats("s").add("n", 1);
        one.owners().hold("k", "v", Map.of());
        await().until(() -> !heard.isEmpty());
        assertThat(threads("leaky")).isNotEmpty().allMatch(Thread::isDaemon);
        one.close();
        assertThat(threads("leaky")).isEmpty();
        assertThat(two.members().refresh()).containsExactly(two.self());
    }

    @Test
    void everythingRefusesAfterClose() {
        Cluster one = nodes.join("one");
        Cache<String> cache = one.cache("c", String.class);
        Topic<String> topic = one.topic("/t", String.class);
        one.close();
        List<ThrowingCallable> uses = List.of(
                () -> cache.get("k"),
                () -> cache.async().get("k"),
                () -> cache.put("k", "v"),
                () -> topic.publish("x"),
                () -> topic.subscribe(text -> {}),
                () -> one.cache("c", String.class),
                () -> one.topic("/t", String.class),
                () -> one.bus(),
                () -> one.lock("l"),
                () -> one.stats("s").add("n", 1),
                () -> one.members().list(),
                () -> one.members().refresh(),
                () -> one.owners().hold("a", "b", Map.of()),
                () -> one.closeWith(drain -> {}));
        for (ThrowingCallable use : uses) {
            assertThatThrownBy(use).isInstanceOf(ClusterException.class).hasMessageContaining("closed");
        }
        assertThat(one.self().name()).isEqualTo("one");
    }

    @Test
    void aListenerMayCloseTheNode() {
        Cluster one = nodes.join("suicidal");
        one.topic("/t", String.class).subscribe(text -> one.close());
        one.topic("/t", String.class).publish("x");
        await().untilAsserted(() -> assertThat(threads("suicidal")).isEmpty());
        assertThatThrownBy(() -> one.members().list()).hasMessageContaining("closed");
    }

    @Test
    void aJoinThatFailsLeavesNothingBehind() {
        Wire wire = new Wire(nodes.raw(), true);
        wire.become(Wire.State.CUT);
        ClusterConfig config =
                ClusterConfig.builder("local:x").name("unlucky").transport(wire).build();
        assertThatThrownBy(() -> new CoreNodeProvider().join(config)).isInstanceOf(TransportException.class);
        assertThat(threads("unlucky")).isEmpty();
    }

    @Test
    void aJoinThatFailsAfterItsFirstBeatLeavesNoMemberBehind() {
        Cluster other = nodes.join("other");
        Wire wire = new Wire(nodes.raw(), true);
        wire.tap(method -> {
            if (method.equals("subscribe")) {
                throw new TransportException("no messages today");
            }
        });
        ClusterConfig config =
                ClusterConfig.builder("local:x").name("unlucky").transport(wire).build();
        assertThatThrownBy(() -> new CoreNodeProvider().join(config)).isInstanceOf(TransportException.class);
        assertThat(other.members().refresh()).containsExactly(other.self());
        assertThat(threads("unlucky")).isEmpty();
    }

    private static List<Thread> threads(String node) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("covey-" + node + "-"))
                .toList();
    }
}
