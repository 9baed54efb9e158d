package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.Health.Check;
import io.covey.cluster.Health.Question;
import io.covey.cluster.Registration;
import io.covey.cluster.core.runtime.Probe;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthChecksTest {
    private final Nodes nodes = new Nodes();

    @AfterEach
    void close() {
        nodes.close();
    }

    @Test
    void aNodeThatHasJoinedIsAliveAndReadyAndSaysWhatWasLookedAt() {
        Cluster node = nodes.join("one");
        assertThat(node.health().live().ok()).isTrue();
        assertThat(node.health().live().checks()).extracting(Check::name).contains("heartbeat", "timer");
        assertThat(node.health().ready().ok()).isTrue();
        assertThat(node.health().ready().checks())
                .extracting(Check::name)
                .contains("node", "backend", "subscriptions", "membership");
    }

    @Test
    void aNodeThatDrainsIsNotReadyAndIsAlive() {
        Cluster node = nodes.join("one");
        node.closeWith(drain -> {
            assertThat(node.health().ready().ok()).isFalse();
            assertThat(node.health().live().ok()).isTrue();
        });
        node.close();
        assertThat(node.health().ready().checks())
                .filteredOn(check -> !check.ok())
                .extracting(Check::trouble)
                .contains("the node is closing");
    }

    @Test
    void aCheckThatThrowsIsTrouble() {
        Cluster node = nodes.join("one");
        Registration check = node.health().check(Question.READY, "disk", () -> {
            throw new IllegalStateException("no such disk");
        });
        assertThat(node.health().ready().ok()).isFalse();
        assertThat(node.health().live().ok()).isTrue();
        check.close();
        assertThat(node.health().ready().ok()).isTrue();
    }

    @Test
    void aThreadThatDoesNotComeRoundIsFoundByAskingAgain() {
        Deque<Runnable> left = new ArrayDeque<>();
        AtomicLong nanos = new AtomicLong();
        Probe probe = new Probe("the timer", left::add, nanos::get, Duration.ofSeconds(30));
        assertThat(probe.trouble()).isEmpty();
        nanos.addAndGet(Duration.ofSeconds(29).toNanos());
        assertThat(probe.trouble()).isEmpty();
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(probe.trouble()).isEqualTo(Optional.of("the timer has not come round for 31 s"));
        assertThat(left).hasSize(1);
        left.remove().run();
        assertThat(probe.trouble()).isEmpty();
        assertThat(left).hasSize(1);
    }
}
