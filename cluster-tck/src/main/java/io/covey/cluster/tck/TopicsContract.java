package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Backlog;
import io.covey.cluster.Cluster;
import io.covey.cluster.History;
import io.covey.cluster.NotSecuredException;
import io.covey.cluster.Overflow;
import io.covey.cluster.Registration;
import io.covey.cluster.Start;
import io.covey.cluster.Subscription;
import io.covey.cluster.Topic;
import io.covey.cluster.TopicMiddleware;
import io.covey.cluster.spi.Delivery;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What {@link Topic} and {@link TopicMiddleware} promise to nodes that share them. */
public abstract class TopicsContract extends TwoNodesContract {
    private static final String CHANNEL = "/chat/lobby";
    private static final History HISTORY = History.last(100);

    private final TopicLog log = new TopicLog();

    private static Topic<String> topic(Cluster node) {
        return node.topic(CHANNEL, String.class);
    }

    /** Adds a header of its own to what is published, and writes down what comes. */
    private record Layer(String name, String value, List<String> lines) implements TopicMiddleware {

        @Override
        public CompletionStage<Delivery> publish(String channel, Map<String, String> headers, Sending rest) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(name, value + headers.size());
            return rest.send(more);
        }

        @Override
        public void deliver(String channel, Map<String, String> headers, Runnable rest) {
            lines.add(name + " at " + channel + " " + new TreeMap<>(headers));
            rest.run();
        }
    }

    private Layer layer(String name) {
        return new Layer(name, "", log.lines);
    }

    private void heard(String... lines) {
        eventually().atMost(PATIENCE).untilAsserted(() -> assertThat(log.lines).containsExactly(lines));
    }

    @Test
    final void headersThatOneNodeSetsAreReadByAnotherAndTheFirstLayerIsOutside() {
        one.around(layer("a"));
        Registration inner = one.around(layer("b"));
        two.around(layer("c"));
        two.around(layer("d"));
        two.topic("/chat/*", String.class).subscribe(log);
        topic(one).publish("hello");
        inner.close();
        topic(one).publish("again");
        heard(
                "c at /chat/lobby {a=0, b=1}",
                "d at /chat/lobby {a=0, b=1}",
                "hello",
                "c at /chat/lobby {a=0}",
                "d at /chat/lobby {a=0}",
                "again");
    }

    @Test
    final void headersAreKeptWithTheHistoryAndMayBeOfAnyCharacters() {
        one.around(new Layer("日本", "é\n\u0000\"", log.lines));
        topic(one).withHistory(HISTORY).publish("kept");
        two.around(layer("c"));
        topic(two).withHistory(HISTORY).subscribe(Start.last(1), log);
        heard("c at /chat/lobby {日本=é\n\u0000\"0}", "kept");
    }

    @Test
    final void whatALayerThrowsReachesThePublisherAndNothingIsSent() {
        topic(two).subscribe(log);
        Registration strict = one.around(new TopicMiddleware() {
            @Override
            public CompletionStage<Delivery> publish(String channel, Map<String, String> headers, Sending rest) {
                throw new IllegalStateException("on purpose");
            }
        });
        assertThatThrownBy(() -> topic(one).publish("unsaid"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("on purpose");
        strict.close();
        Registration wordy = one.around(new Layer("x".repeat(5000), "", log.lines));
        assertThatThrownBy(() -> topic(one).publish("too much"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 16 headers");
        wordy.close();
        topic(one).publish("said");
        heard("said");
    }

    @Test
    final void whatALayerThrowsKeepsOneMessageFromOneSubscriberAndTheNextOnesCome() {
        AtomicInteger delivered = new AtomicInteger();
        two.around(new TopicMiddleware() {
            @Override
            public void deliver(String channel, Map<String, String> headers, Runnable rest) {
                if (delivered.incrementAndGet() == 1) {
                    throw new NoClassDefFoundError("on purpose");
                }
                rest.run();
            }
        });
        topic(two).subscribe(log);
        TopicLog other = new TopicLog();
        topic(one).subscribe(other);
        topic(one).publish("a");
        topic(one).publish("b");
        heard("b");
        eventually().until(() -> other.lines.equals(List.of("a", "b")));
    }

    @Test
    final void whoEndsWhenItsQueueIsFullHearsWhatWaitsThenTheEndAndNothingElse() {
        Blocked slow = new Blocked();
        topic(two).withBacklog(Backlog.of(3).whenFull(Overflow.END)).subscribe(slow);
        topic(two).subscribe(log);
        topic(one).publish("0");
        eventually().until(() -> slow.lines.size() == 1);
        for (int i = 1; i < 9; i++) {
            topic(one).publish("" + i);
        }
        heard("0", "1", "2", "3", "4", "5", "6", "7", "8");
        slow.go.countDown();
        eventually().until(() -> slow.lines.contains("end"));
        topic(one).publish("9");
        eventually().until(() -> log.lines.contains("9"));
        assertThat(slow.lines).containsExactly("0", "1", "2", "3", "end");
    }

    @Test
    final void whatFindsNoRoomInAQueueIsAGapOfThatSize() {
        Blocked slow = new Blocked();
        Subscription subscription = topic(two)
                .withBacklog(Backlog.of(2).whenFull(Overflow.DROP_NEWEST))
                .subscribe(slow);
        topic(one).publish("0");
        eventually().until(() -> slow.lines.size() == 1);
        for (int i = 1; i < 9; i++) {
            topic(one).publish("" + i);
        }
        eventually().until(() -> subscription.stats().dropped() == 6);
        slow.go.countDown();
        eventually().until(() -> slow.lines.equals(List.of("0", "1", "2", "gap of 6")));
    }

    @Test
    final void whoClosesHearsNeitherMessagesNorAnEnd() {
        TopicLog quiet = new TopicLog();
        Subscription subscription = topic(two).subscribe(quiet);
        topic(two).subscribe(log);
        topic(one).publish("a");
        heard("a");
        eventually().until(() -> quiet.lines.size() == 1);
        subscription.close();
        subscription.close();
        topic(one).publish("b");
        heard("a", "b");
        assertThat(quiet.lines).containsExactly("a");
    }

    @Test
    final void noTopicReachesTheSecuredNamespace() {
        two.topic("/**", String.class).subscribe(log);
        on(one.bus().publish("/cluster/x", 1, new byte[] {'"', 'x', '"'}));
        assertThatThrownBy(() -> one.topic("/cluster/x", String.class).publish("x"))
                .isInstanceOf(NotSecuredException.class);
        assertThatThrownBy(() -> one.topic("/cluster/*", String.class).subscribe(log))
                .isInstanceOf(NotSecuredException.class);
        topic(one).publish("open");
        heard("open");
    }

    /** Waits within the first message. */
    private static final class Blocked extends TopicLog {
        private final CountDownLatch go = new CountDownLatch(1);

        @Override
        public void onMessage(String channel, String message) {
            super.onMessage(channel, message);
            try {
                assertThat(go.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
