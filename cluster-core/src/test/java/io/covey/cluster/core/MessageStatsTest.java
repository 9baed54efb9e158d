package io.covey.cluster.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Backlog;
import io.covey.cluster.Cluster;
import io.covey.cluster.MessageStats;
import io.covey.cluster.Overflow;
import io.covey.cluster.Rejection;
import io.covey.cluster.Topic;
import io.covey.cluster.spi.MessageBus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessageStatsTest {
    private final Nodes nodes = new Nodes();
    private final Cluster node = nodes.join("one");
    private final CompletableFuture<Void> hold = new CompletableFuture<>();

    record Chat(String text) {}

    @AfterEach
    void close() {
        hold.complete(null);
        nodes.close();
    }

    @Test
    void whatIsSaidAndHeardCountsForEachSubscription() {
        MessageStats before = node.health().messages();
        Topic<String> topic = node.topic("/t", String.class);
        topic.subscribe(text -> {});
        topic.subscribe(text -> {});
        for (int i = 0; i < 5; i++) {
            topic.publish("m" + i);
        }
        await().untilAsserted(() ->
                assertThat(node.health().messages().received()).isGreaterThanOrEqualTo(before.received() + 10));
        assertThat(node.health().messages().published()).isGreaterThanOrEqualTo(before.published() + 5);
        assertThat(node.health().messages().dropped()).isZero();
        assertThat(node.health().messages().rejected()).isZero();
    }

    @Test
    void whatIsDroppedRejectedOrCannotBeReadIsCountedAndStaysSoWhenTheSubscriptionEnds() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        Topic<String> topic = node.topic("/t", String.class);
        var slow = topic.withBacklog(Backlog.of(1).whenFull(Overflow.DROP_NEWEST))
                .subscribe(text -> {
                    busy.countDown();
                    hold.join();
                });
        topic.publish("held");
        busy.await();
        topic.publish("waits");
        topic.publish("dropped");
        topic.publish("dropped, too");
        await().until(() -> node.health().messages().dropped() == 2);
        hold.complete(null);
        await().untilAsserted(() -> assertThat(slow.stats().gaps()).isEqualTo(1));
        slow.close();

        var typed = node.topic("/u", Chat.class).subscribe(chat -> {});
        node.topic("/u", String.class).publish("no JSON");
        MessageBus raw = node.transport().bus().orElseThrow();
        raw.publish("/u", "no envelope".getBytes(UTF_8));
        await().untilAsserted(() -> assertThat(typed.stats().rejected()).isEqualTo(1));
        typed.close();

        MessageStats after = node.health().messages();
        assertThat(after.dropped()).isEqualTo(2);
        assertThat(after.gaps()).isEqualTo(2); // the dropped, the unreadable
        assertThat(after.undecodable()).isEqualTo(1);
        assertThat(after.rejected()).isEqualTo(1);
        assertThat(node.health().rejected()).containsEntry(Rejection.VERSION, 1L);
    }
}
