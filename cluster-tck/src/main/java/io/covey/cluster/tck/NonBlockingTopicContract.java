package io.covey.cluster.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.Gap;
import io.covey.cluster.History;
import io.covey.cluster.Start;
import io.covey.cluster.Subscription;
import io.covey.cluster.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What {@link Topic#nonBlocking} promises: all that a topic does, wherever its subscribers are called. */
public abstract class NonBlockingTopicContract extends TwoNodesContract {
    private static final int MANY = 500;

    @Test
    final void messagesComeInOrderAndOneCallAtATimeThoughTheListenerThrows() {
        Log log = new Log() {
            @Override
            public void onMessage(String channel, Integer number) {
                super.onMessage(channel, number);
                if (number % 100 == 7) {
                    throw new IllegalStateException("on purpose");
                }
                if (number % 100 == 8) {
                    throw new AssertionError("on purpose");
                }
            }
        };
        numbers(two).nonBlocking().subscribe(log);
        publishMany(numbers(one));
        eventually().untilAsserted(() -> assertThat(log.events).hasSize(MANY));
        assertThat(log.events).isEqualTo(firstNumbers());
        assertThat(log.overlapped).hasValue(0);
    }

    @Test
    final void aGapIsHeardInItsPlace() {
        Log log = new Log();
        Subscription subscription = numbers(two).nonBlocking().subscribe(log);
        numbers(one).publish(0);
        one.topic("/numbers", String.class).publish("none");
        numbers(one).publish(1);
        eventually().untilAsserted(() -> assertThat(log.events).containsExactly("0", "gap", "1"));
        assertThat(subscription.stats().received()).isEqualTo(2);
        assertThat(subscription.stats().undecodable()).isEqualTo(1);
    }

    @Test
    final void aListenerClosesItsOwnSubscriptionAndOthersHearOn() {
        Log stays = new Log();
        AtomicReference<Subscription> own = new AtomicReference<>();
        Log leaves = new Log() {
            @Override
            public void onMessage(String channel, Integer number) {
                super.onMessage(channel, number);
                if (number == 3) {
                    own.get().close();
                }
            }
        };
        own.set(numbers(two).nonBlocking().subscribe(leaves));
        numbers(two).nonBlocking().subscribe(stays);
        publishMany(numbers(one));
        eventually().untilAsserted(() -> assertThat(stays.events).hasSize(MANY));
        eventually().untilAsserted(() -> assertThat(leaves.events).containsExactly("0", "1", "2", "3"));
    }

    @Test
    final void aListenerPublishesWithoutWaiting() {
        Log answers = new Log();
        Topic<Integer> back = one.topic("/answers", Integer.class);
        back.nonBlocking().subscribe(answers);
        Topic<Integer> answering = two.topic("/answers", Integer.class);
        numbers(two).nonBlocking().subscribe((channel, number) -> answering.publishAsync(number));
        publishMany(numbers(one));
        eventually().untilAsserted(() -> assertThat(answers.events).hasSize(MANY));
        assertThat(answers.events).isEqualTo(firstNumbers());
    }

    @Test
    final void oneWithAHistoryBeginsInThePastAndGoesOnLive() {
        Topic<Integer> here = numbers(one).withHistory(History.last(2 * MANY));
        Topic<Integer> there = numbers(two).withHistory(History.last(2 * MANY));
        IntStream.range(0, MANY / 2).mapToObj(here::publishAsync).toList().forEach(TransportContract::on);
        Log log = new Log();
        Thread publisher = new Thread(() -> IntStream.range(MANY / 2, MANY).forEach(here::publish));
        publisher.start();
        Subscription subscription = there.nonBlocking().subscribe(Start.last(MANY), log);
        eventually().atMost(PATIENCE).untilAsserted(() -> assertThat(log.events).hasSize(MANY));
        assertThat(log.events).isEqualTo(firstNumbers());
        assertThat(log.overlapped).hasValue(0);
        assertThat(subscription.recovered()).isTrue();
    }

    private static Topic<Integer> numbers(Cluster node) {
        return node.topic("/numbers", Integer.class);
    }

    private static void publishMany(Topic<Integer> to) {
        List<CompletionStage<?>> sent = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            sent.add(to.publishAsync(i));
        }
        sent.forEach(TransportContract::on);
    }

    private static List<String> firstNumbers() {
        return IntStream.range(0, MANY).mapToObj(Integer::toString).toList();
    }

    /** What a listener heard, and how often a call came while another was under way. */
    private static class Log implements Topic.Listener<Integer> {
        final List<String> events = new CopyOnWriteArrayList<>();
        final AtomicInteger overlapped = new AtomicInteger();
        private final AtomicInteger inside = new AtomicInteger();

        @Override
        public void onMessage(String channel, Integer number) {
            note(Integer.toString(number));
        }

        @Override
        public void onGap(Gap gap) {
            note("gap");
        }

        private void note(String event) {
            overlapped.addAndGet(inside.getAndIncrement());
            events.add(event);
            inside.decrementAndGet();
        }
    }
}
