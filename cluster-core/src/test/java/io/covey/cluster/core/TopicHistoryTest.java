package io.covey.cluster.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Backlog;
import io.covey.cluster.Cluster;
import io.covey.cluster.Gap;
import io.covey.cluster.History;
import io.covey.cluster.Overflow;
import io.covey.cluster.Past;
import io.covey.cluster.Position;
import io.covey.cluster.Received;
import io.covey.cluster.Start;
import io.covey.cluster.Subscription;
import io.covey.cluster.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TopicHistoryTest {
    private static final History HISTORY = History.last(1000);

    private final Nodes nodes = new Nodes();
    private final Heard heard = new Heard();

    @AfterEach
    void close() {
        nodes.close();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }

    private static Topic<String> topic(Cluster node) {
        return node.topic("/t", String.class).withHistory(HISTORY);
    }

    @Test
    void aSubscriberBeginsWithTheNewestAndGoesOnLive() {
        Topic<String> topic = topic(nodes.join("one"));
        publish(topic, 0, 10);
        Subscription subscription = topic(nodes.join("two")).subscribe(Start.last(3), heard);
        publish(topic, 10, 20);
        await().untilAsserted(() -> assertThat(heard.messages).isEqualTo(messages(7, 20)));
        assertThat(heard.gaps).isEmpty();
        assertThat(subscription.recovered()).isTrue();
        await().untilAsserted(() -> assertThat(subscription.position()).isEqualTo(heard.last()));
    }

    @Test
    void aSubscriberFromNowOnHearsNothingOfThePast() {
        Topic<String> topic = topic(nodes.join("one"));
        publish(topic, 0, 10);
        topic.subscribe(heard);
        publish(topic, 10, 12);
        await().untilAsserted(() -> assertThat(heard.messages).isEqualTo(messages(10, 12)));
    }

    @Test
    void whoeverComesBackGoesOnWhereItWasThoughItIsAnotherNode() {
        Topic<String> topic = topic(nodes.join("one"));
        Subscription before = topic.subscribe(heard);
        publish(topic, 0, 5);
        await().untilAsserted(() -> assertThat(heard.messages).hasSize(5));
        before.close();
        Position position = Position.parse(heard.last().orElseThrow().toString());
        publish(topic, 5, 500);
        Heard later = new Heard();
        Subscription after = topic(nodes.join("two")).subscribe(Start.after(position), later);
        assertThat(after.recovered()).isTrue();
        await().untilAsserted(() -> assertThat(later.messages).isEqualTo(messages(5, 500)));
        assertThat(later.gaps).isEmpty();
    }

    @Test
    void whoeverComesBackTooLateIsToldSoAndHearsWhatIsLeft() {
        Topic<String> topic = nodes.join("one").topic("/t", String.class).withHistory(History.last(5));
        Subscription before = topic.subscribe(heard);
        publish(topic, 0, 1);
        await().untilAsserted(() -> assertThat(heard.messages).hasSize(1));
        before.close();
        publish(topic, 1, 20);
        Heard later = new Heard();
        Subscription after = topic.subscribe(Start.after(heard.last().orElseThrow()), later);
        assertThat(after.recovered()).isFalse();
        publish(topic, 20, 21);
        await().untilAsserted(() -> assertThat(later.messages).isEqualTo(messages(15, 21)));
        assertThat(later.gaps).singleElement().satisfies(gap -> {
            assertThat(gap.missed()).isEmpty();
            assertThat(gap.reason()).contains("history");
        });
    }

    @Test
    void whoeverSubscribesWhileOthersPublishHearsEachMessageOnce() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        List<CompletableFuture<Void>> publishers = IntStream.range(0, 3)
                .mapToObj(number -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 300; i++) {
                        topic(one).publish(number + ":" + i);
                    }
                }))
                .toList();
        List<Heard> all = IntStream.range(0, 10)
                .mapToObj(number -> {
                    Heard one1 = new Heard();
                    topic(two).subscribe(Start.last(1000), one1);
                    return one1;
                })
                .toList();
        publishers.forEach(CompletableFuture::join);
        List<String> kept = topic(one).read(Start.last(1000), 1000).messages().stream()
                .map(Received::message)
                .toList();
        assertThat(kept).hasSize(900);
        all.forEach(
                one1 -> await().untilAsserted(() -> assertThat(one1.messages).isEqualTo(kept)));
        assertThat(all).allSatisfy(one1 -> assertThat(one1.gaps).isEmpty());
    }

    @Test
    void whatWasLostOnTheWayIsReadFromTheHistoryWhenTheNextMessageComes() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        Subscription subscription = topic(two).subscribe(heard);
        publish(topic(one), 0, 3);
        await().untilAsserted(() -> assertThat(heard.messages).hasSize(3));
        lose(two, topic(one), 3, 300);
        publish(topic(one), 300, 302);
        await().untilAsserted(() -> assertThat(heard.messages).isEqualTo(messages(0, 302)));
        assertThat(heard.gaps).isEmpty();
        assertThat(subscription.stats().refills()).isPositive();
    }

    @Test
    void afterALostConnectionItIsReadAtOnce() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        topic(two).subscribe(heard);
        publish(topic(one), 0, 3);
        await().untilAsserted(() -> assertThat(heard.messages).hasSize(3));
        lose(two, topic(one), 3, 30);
        nodes.wire(two).tellGap();
        await().untilAsserted(() -> assertThat(heard.messages).isEqualTo(messages(0, 30)));
        assertThat(heard.gaps).isEmpty();
    }

    @Test
    void whatTheHistoryLostTooIsAGap() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        Topic<String> shortly = one.topic("/t", String.class).withHistory(History.last(2));
        topic(two).subscribe(heard);
        publish(shortly, 0, 1);
        await().untilAsserted(() -> assertThat(heard.messages).hasSize(1));
        lose(two, shortly, 1, 10);
        publish(shortly, 10, 11);
        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("m0", "m9", "m10"));
        assertThat(heard.gaps).hasSize(1);
    }

    @Test
    void whatWasPublishedWithoutAHistoryAndLostWithALinkIsAGapAtOnce() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        Topic<String> plain = one.topic("/t", String.class);
        topic(two).subscribe(heard);
        publish(plain, 0, 1);
        publish(topic(one), 1, 2);
        await().untilAsserted(() -> assertThat(heard.messages).isEqualTo(messages(0, 2)));
        lose(two, topic(one), 2, 4);
        lose(two, plain, 4, 5);
        nodes.wire(two).tellGap();
        await().untilAsserted(() -> assertThat(heard.messages).isEqualTo(messages(0, 4)));
        assertThat(heard.gaps).singleElement().satisfies(gap -> {
            assertThat(gap.channel()).isEqualTo("/t");
            assertThat(gap.missed()).isEmpty();
            assertThat(gap.reason()).contains("without a history");
        });
    }

    @Test
    void whoHasHeardNothingWithoutAHistoryIsToldOfALostLinkBeforeTheFirstThatIsHeard() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        Topic<String> unheard = nodes.join("three").topic("/t", String.class);
        topic(two).subscribe(heard);
        publish(topic(one), 0, 1);
        await().untilAsserted(() -> assertThat(heard.messages).isEqualTo(messages(0, 1)));
        lose(two, unheard, 7, 8);
        nodes.wire(two).tellGap();
        publish(topic(one), 1, 2);
        await().untilAsserted(() -> assertThat(heard.messages).isEqualTo(messages(0, 2)));
        assertThat(heard.gaps).isEmpty();
        one.topic("/t", String.class).publish("m2");
        await().untilAsserted(() -> assertThat(heard.messages).isEqualTo(messages(0, 3)));
        assertThat(heard.gaps).hasSize(1);
        publish(topic(one), 3, 4);
        await().untilAsserted(() -> assertThat(heard.messages).isEqualTo(messages(0, 4)));
        assertThat(heard.gaps).hasSize(1);
    }

    @Test
    void aLostLinkIsToldAlsoIfItsNewsFoundNoRoomInTheQueue() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        CountDownLatch go = new CountDownLatch(1);
        Heard slow = new Heard() {
            @Override
            public void onReceived(Received<String> received) {
                super.onReceived(received);
                if (received.message().equals("m1")) {
                    awaitOn(go);
                }
            }
        };
        topic(two).withBacklog(Backlog.of(2)).subscribe(slow);
        publish(one.topic("/t", String.class), 0, 1);
        publish(topic(one), 1, 2);
        await().untilAsserted(() -> assertThat(slow.messages).isEqualTo(messages(0, 2)));
        nodes.wire(two).tellGap();
        publish(topic(one), 2, 12);
        go.countDown();
        await().untilAsserted(() -> assertThat(slow.messages).isEqualTo(messages(0, 12)));
        assertThat(slow.gaps).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"DROP_OLDEST", "DROP_NEWEST"})
    void aSlowSubscriberWithAShortQueueStillHearsEverythingOnce(Overflow overflow) {
        Topic<String> topic = topic(nodes.join("one"));
        CountDownLatch go = new CountDownLatch(1);
        Heard slow = new Heard() {
            @Override
            public void onReceived(Received<String> received) {
                awaitOn(go);
                super.onReceived(received);
            }
        };
        Subscription subscription =
                topic.withBacklog(Backlog.of(4).whenFull(overflow)).subscribe(slow);
        publish(topic, 0, 500);
        await().until(() -> subscription.stats().dropped() > 0);
        go.countDown();
        await().untilAsserted(() -> assertThat(slow.messages).isEqualTo(messages(0, 500)));
        assertThat(slow.gaps).isEmpty();
        assertThat(subscription.stats().dropped()).isPositive();
        assertThat(subscription.stats().received()).isEqualTo(500);
    }

    @Test
    void aSubscriberWhoIsEndedForItsSlownessCanComeBackForTheRest() {
        Topic<String> topic = topic(nodes.join("one"));
        CountDownLatch go = new CountDownLatch(1);
        Heard slow = new Heard() {
            @Override
            public void onReceived(Received<String> received) {
                awaitOn(go);
                super.onReceived(received);
            }
        };
        Subscription ended =
                topic.withBacklog(Backlog.of(3).whenFull(Overflow.END)).subscribe(slow);
        publish(topic, 0, 50);
        // What was published need not have come yet.
        await().until(() -> ended.stats().dropped() > 0);
        go.countDown();
        await().untilAsserted(() -> assertThat(slow.ends).hasSize(1));
        Subscription again = topic.subscribe(Start.after(slow.last().orElseThrow()), heard);
        assertThat(again.recovered()).isTrue();
        int first = slow.messages.size();
        await().untilAsserted(() -> assertThat(heard.messages).isEqualTo(messages(first, 50)));
    }

    @Test
    void messagesCarryTheirSenderAndTheirPlaceForThoseWithoutAHistoryToo() {
        Cluster one = nodes.join("one");
        one.topic("/*", String.class).subscribe(heard);
        topic(one).publish("kept");
        one.topic("/t", String.class).publish("plain");
        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("kept", "plain"));
        assertThat(heard.received.get(0).sender()).isEqualTo(one.self().id());
        assertThat(heard.received.get(0).position())
                .contains(topic(one).read(Start.now(), 1).position());
        assertThat(heard.received.get(1).position()).isEmpty();
    }

    @Test
    void theHistoryIsReadWithoutASubscription() {
        Topic<String> topic = topic(nodes.join("one"));
        assertThat(topic.read(Start.last(10), 10).messages()).isEmpty();
        publish(topic, 0, 500);
        nodes.joinRemote("other", Optional.empty()).topic("/t", byte[].class).withHistory(HISTORY);
        Past<String> past = topic.read(Start.last(450), 420);
        assertThat(past.messages()).extracting(Received::message).isEqualTo(messages(50, 470));
        assertThat(past.recovered()).isTrue();
        Past<String> rest = topic.read(Start.after(past.position()), 1000);
        assertThat(rest.messages()).extracting(Received::message).isEqualTo(messages(470, 500));
        Past<String> nothing = topic.read(Start.after(rest.position()), 10);
        assertThat(nothing.messages()).isEmpty();
        assertThat(nothing.recovered()).isTrue();
        assertThat(nothing.position()).isEqualTo(rest.position());
    }

    @Test
    void onlyTheSignedAreHeardFromAHistoryToo() {
        Cluster signed = nodes.joinRemote("signed", Optional.of(Nodes.TOKEN));
        topic(nodes.joinRemote("open", Optional.empty())).publish("unsigned");
        topic(signed).publish("good");
        assertThat(topic(signed).read(Start.last(10), 10).messages())
                .extracting(Received::message)
                .containsExactly("good");
        Subscription subscription = topic(signed).subscribe(Start.last(10), heard);
        topic(signed).publish("live");
        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("good", "live"));
        assertThat(subscription.stats().rejected()).isEqualTo(1);
    }

    @Test
    void publishingWithoutWaitingKeepsTheOrder() {
        Topic<String> topic = topic(nodes.join("one"));
        topic.subscribe(heard);
        IntStream.range(0, 500)
                .mapToObj(i -> topic.publishAsync("m" + i).toCompletableFuture())
                .toList()
                .forEach(CompletableFuture::join);
        await().untilAsserted(() -> assertThat(heard.messages).isEqualTo(messages(0, 500)));
    }

    @Test
    void whatNeedsAChannelOrAHistorySaysSo() {
        Cluster one = nodes.join("one");
        assertThatThrownBy(() -> one.topic("/*", String.class).withHistory(HISTORY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/*");
        assertThatThrownBy(() -> one.topic("/**", String.class).sharded()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> one.topic("/t", String.class).subscribe(Start.last(1), heard))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("withHistory");
        assertThatThrownBy(() -> one.topic("/t", String.class).read(Start.last(1), 1))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> topic(one).read(Start.last(1), 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> History.last(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Start.last(10_001)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Backlog.of(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Position.parse("x")).isInstanceOf(IllegalArgumentException.class);
    }

    private void lose(Cluster subscriber, Topic<String> topic, int from, int to) {
        Wire wire = nodes.wire(subscriber);
        int before = wire.lost();
        wire.loseMessages(true);
        publish(topic, from, to);
        await().until(() -> wire.lost() == before + to - from);
        wire.loseMessages(false);
    }

    private static void awaitOn(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void publish(Topic<String> topic, int from, int to) {
        for (int i = from; i < to; i++) {
            topic.publish("m" + i);
        }
    }

    private static List<String> messages(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }

    private static class Heard implements Topic.Listener<String> {
        final List<Received<String>> received = new CopyOnWriteArrayList<>();
        final List<String> messages = new CopyOnWriteArrayList<>();
        final List<Gap> gaps = new CopyOnWriteArrayList<>();
        final List<String> ends = new CopyOnWriteArrayList<>();

        @Override
        public void onReceived(Received<String> one) {
            received.add(one);
            messages.add(one.message());
        }

        @Override
        public void onMessage(String channel, String message) {
            throw new AssertionError("onReceived is overridden");
        }

        @Override
        public void onGap(Gap gap) {
            gaps.add(gap);
        }

        @Override
        public void onEnd(String reason) {
            ends.add(reason);
        }

        Optional<Position> last() {
            return received.get(received.size() - 1).position();
        }
    }
}
