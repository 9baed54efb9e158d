package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.History;
import io.covey.cluster.Registration;
import io.covey.cluster.Start;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.Transport.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a {@link MessageBus} promises. */
public abstract class MessageBusContract extends TransportContract {
    private static final String END = "/end/of/test";

    private static final List<String> CHANNELS = List.of(
            "/a",
            "/b",
            "/ab",
            "/a/b",
            "/a/c",
            "/a/b.c:d-e_f",
            "/a/b/c",
            "/a/b/c/d",
            "/ab/c",
            "/aa/b",
            "/b/a/b",
            "/A/b");

    private MessageBus bus;
    private MessageBus elsewhere;

    @BeforeEach
    final void openBuses() {
        bus = open().bus().orElseThrow();
        elsewhere = open().bus().orElseThrow();
    }

    @Test
    final void aSubscriberHearsItsChannelAndNoOther() {
        Recorder recorder = new Recorder();
        subscribe(elsewhere, "/a/b", recorder);
        subscribe(elsewhere, END, recorder);
        for (String channel : List.of("/a/b", "/a", "/a/bb", "/a/b/c", "/A/b", "/a/B", "/b", "/x/a/b")) {
            publish(bus, channel, channel);
        }
        publish(bus, END, "end");
        // Channels are ordered each for itself.
        eventually().until(() -> recorder.texts().containsAll(List.of("/a/b", "end")));
        assertThat(recorder.texts()).containsExactlyInAnyOrder("/a/b", "end");
    }

    @Test
    final void aBusThatProvesThatItHearsDoesSoWithinFifteenSeconds() {
        Recorder recorder = new Recorder();
        subscribe(elsewhere, END, recorder);
        publish(bus, END, "end");
        eventually().until(() -> recorder.texts().contains("end"));
        eventually().until(() -> elsewhere.unproven().orElse(Duration.ZERO).compareTo(Duration.ofSeconds(15)) < 0);
        assertThat(elsewhere.unproven().orElse(Duration.ZERO)).isGreaterThanOrEqualTo(Duration.ZERO);
    }

    @Test
    final void trafficGrowsWithWhatIsSentWhereItIsCounted() {
        Transport transport = open();
        Optional<Traffic> before = transport.traffic();
        publish(transport.bus().orElseThrow(), END, "end");
        // An answer may be counted after it was handed on.
        before.ifPresent(then -> eventually().untilAsserted(() -> {
            Traffic now = transport.traffic().orElseThrow();
            assertThat(now.commands()).isGreaterThan(then.commands());
            assertThat(now.trips()).isGreaterThan(then.trips());
            assertThat(now.waited()).isGreaterThan(then.waited());
            assertThat(now.connects()).isPositive();
        }));
    }

    @Test
    final void aDotInAChannelStandsForItself() {
        Recorder recorder = new Recorder();
        subscribe(elsewhere, "/a.b/c_d/*", recorder);
        publish(bus, "/axb/c_d/e", "no");
        publish(bus, "/a.b/cxd/e", "no");
        publish(bus, "/a.b/c_d/e", "yes");
        eventually().until(() -> recorder.texts().contains("yes"));
        assertThat(recorder.texts()).containsExactly("yes");
    }

    @Test
    final void aStarStandsForExactlyOneFurtherSegment() {
        assertThat(heardBy("/a/*")).containsExactlyInAnyOrder("/a/b", "/a/c", "/a/b.c:d-e_f");
    }

    @Test
    final void twoStarsStandForOneOrMoreSegments() {
        assertThat(heardBy("/a/**")).containsExactlyInAnyOrder("/a/b", "/a/c", "/a/b.c:d-e_f", "/a/b/c", "/a/b/c/d");
    }

    @Test
    final void aStarAloneStandsForOneSegmentAndTwoForEverythingThatWasPublished() {
        assertThat(heardBy("/*")).containsExactlyInAnyOrder("/a", "/b", "/ab");
        assertThat(heardBy("/**")).containsExactlyInAnyOrderElementsOf(CHANNELS);
    }

    /** Which channels a subscription to {@code pattern} hears, when all of {@link #CHANNELS} are published once. */
    private List<String> heardBy(String pattern) {
        MessageBus listening = open().bus().orElseThrow();
        Recorder recorder = new Recorder();
        Recorder end = new Recorder();
        Registration one = subscribe(listening, pattern, recorder);
        Registration two = subscribe(listening, END, end);
        // Channels are ordered each for itself: what an earlier pattern was sent may still arrive.
        String round = " of " + pattern;
        CHANNELS.forEach(channel -> publish(bus, channel, channel + round));
        publish(bus, END, "end");
        long expected =
                CHANNELS.stream().filter(new ChannelPattern(pattern)::matches).count();
        Supplier<List<Recorder.Heard>> heard = () -> recorder.heard.stream()
                .filter(message -> message.text().endsWith(round))
                .toList();
        eventually().until(() -> !end.heard.isEmpty() && heard.get().size() >= expected);
        one.close();
        two.close();
        assertThat(heard.get()).allMatch(message -> message.text().equals(message.channel() + round));
        return heard.get().stream().map(Recorder.Heard::channel).toList();
    }

    @Test
    final void eachSubscriptionHearsAMessageOnceThoughSeveralPatternsMatch() {
        Map<String, Recorder> recorders = new HashMap<>();
        for (String pattern : List.of("/a/b", "/a/*", "/a/**", "/**")) {
            recorders.put(pattern, new Recorder());
            subscribe(elsewhere, pattern, recorders.get(pattern));
        }
        Recorder twice = new Recorder();
        subscribe(elsewhere, "/a/*", twice);
        recorders.put("/a/* again", twice);
        for (int i = 0; i < 50; i++) {
            publish(bus, "/a/b", "m" + i);
        }
        List<String> expected = IntStream.range(0, 50).mapToObj(i -> "m" + i).toList();
        eventually().until(() -> recorders.values().stream().allMatch(r -> r.heard.size() >= 50));
        recorders.forEach(
                (pattern, recorder) -> assertThat(recorder.texts()).as(pattern).isEqualTo(expected));
    }

    @Test
    final void messagesOfOnePublisherComeInOrderAndOneCallAtATime() throws Exception {
        int each = 250;
        Recorder recorder = new Recorder();
        subscribe(elsewhere, "/order/**", recorder);
        Race.of(4, number -> {
            List<CompletionStage<Delivery>> sent = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                sent.add((number % 2 == 0 ? bus : elsewhere).publish("/order/" + number, bytes("m" + i)));
            }
            sent.forEach(TransportContract::on);
            return number;
        });
        eventually().until(() -> recorder.heard.size() >= 4 * each);
        List<String> expected = IntStream.range(0, each).mapToObj(i -> "m" + i).toList();
        for (int number = 0; number < 4; number++) {
            assertThat(recorder.texts("/order/" + number))
                    .as("publisher " + number)
                    .isEqualTo(expected);
        }
        assertThat(recorder.overlapped()).isFalse();
        assertThat(recorder.gaps).isEmpty();
    }

    @Test
    final void aSubscriptionIsLiveWhenItsStageCompletes() {
        for (int i = 0; i < 40; i++) {
            String channel = "/live/c" + i;
            Recorder recorder = new Recorder();
            subscribe(elsewhere, i % 2 == 0 ? channel : channel + "/*", recorder);
            publish(bus, i % 2 == 0 ? channel : channel + "/x", "m");
            eventually().until(() -> recorder.texts().equals(List.of("m")));
        }
    }

    @Test
    final void whoUnsubscribedHearsNoMoreThoughAnotherOfTheSamePatternDoes() {
        for (String pattern : List.of("/a/b", "/a/*")) {
            Recorder ended = new Recorder();
            Recorder stays = new Recorder();
            Registration registration = subscribe(elsewhere, pattern, ended);
            subscribe(elsewhere, pattern, stays);
            publish(bus, "/a/b", "before");
            eventually().until(() -> ended.texts().equals(List.of("before")));
            registration.close();
            registration.close();
            publish(bus, "/a/b", "after");
            eventually().until(() -> stays.texts().equals(List.of("before", "after")));
            assertThat(ended.texts()).containsExactly("before");
            Recorder again = new Recorder();
            subscribe(elsewhere, pattern, again);
            publish(bus, "/a/b", "again");
            eventually()
                    .until(() -> again.texts().equals(List.of("again"))
                            && stays.texts().contains("again"));
            assertThat(ended.texts()).containsExactly("before");
        }
    }

    @Test
    final void whoUnsubscribesOrClosesTheTransportIsToldOfNoEndAndHearsNothingMore() {
        Transport closing = open();
        MessageBus its = closing.bus().orElseThrow();
        Recorder unsubscribed = new Recorder();
        Recorder closed = new Recorder();
        Recorder stays = new Recorder();
        Registration registration = subscribe(its, "/a/b", unsubscribed);
        subscribe(its, "/a/*", closed);
        subscribe(elsewhere, "/a/b", stays);
        publish(bus, "/a/b", "before");
        eventually()
                .until(() -> Stream.of(unsubscribed, closed, stays)
                        .allMatch(recorder -> recorder.texts().equals(List.of("before"))));
        registration.close();
        closing.close();
        publish(bus, "/a/b", "after");
        eventually().until(() -> stays.texts().equals(List.of("before", "after")));
        for (Recorder ended : List.of(unsubscribed, closed)) {
            assertThat(ended.texts()).containsExactly("before");
            assertThat(ended.ends).isEmpty();
        }
    }

    @Test
    final void namesThatAreNoChannelsReachNothing() {
        Recorder recorder = new Recorder();
        subscribe(elsewhere, "/**", recorder);
        for (String bad :
                List.of("", "a", "/", "/a/", "//a", "/a/..", "/./a", "/{a}", "/a b", "/a\r\n", "/a/*", "/\u00e9")) {
            for (Supplier<CompletionStage<?>> call : List.<Supplier<CompletionStage<?>>>of(
                    () -> bus.publish(bad, bytes("bad")),
                    () -> bus.publish(bad, bytes("bad"), History.last(1)),
                    () -> bus.read(bad, Start.now(), 1))) {
                assertThatThrownBy(() -> on(call.get())).as(bad).isInstanceOf(IllegalArgumentException.class);
            }
        }
        publish(bus, "/a", "good");
        eventually().until(() -> !recorder.heard.isEmpty());
        assertThat(recorder.texts()).containsExactly("good");
    }

    @Test
    final void aChannelThatEverybodyLeftCanBeSubscribedAgainAtOnce() {
        for (int i = 0; i < 20; i++) {
            subscribe(elsewhere, "/a/b", new Recorder()).close();
            Recorder recorder = new Recorder();
            Registration registration = subscribe(elsewhere, "/a/b", recorder);
            publish(bus, "/a/b", "m" + i);
            String expected = "m" + i;
            eventually().until(() -> recorder.texts().equals(List.of(expected)));
            registration.close();
        }
    }

    @Test
    final void noneIsAnsweredOnlyWhenNobodyListensAndSomeOnlyWhenSomebodyDoes() {
        assertThat(publish(bus, "/a/b", "m")).isNotEqualTo(Delivery.SOME);
        for (String pattern : List.of("/a/b", "/a/*", "/**")) {
            Registration registration = subscribe(elsewhere, pattern, new Recorder());
            assertThat(publish(bus, "/a/b", "m")).as(pattern).isNotEqualTo(Delivery.NONE);
            registration.close();
            eventually().until(() -> publish(bus, "/a/b", "m") != Delivery.SOME);
        }
    }

    @Test
    final void aPublisherHearsItselfIfItSubscribed() {
        Recorder recorder = new Recorder();
        subscribe(bus, "/a/b", recorder);
        assertThat(publish(bus, "/a/b", "m")).isNotEqualTo(Delivery.NONE);
        eventually().until(() -> recorder.texts().equals(List.of("m")));
    }

    @Test
    final void messagesAreAnyBytesFromNoneToAMebibyte() {
        byte[] big = new byte[1 << 20];
        new Random(1).nextBytes(big);
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        List<byte[]> messages = List.of(new byte[0], all, big, bytes("\r\n*3\r\n"), bytes("日本"));
        Recorder exact = new Recorder();
        Recorder pattern = new Recorder();
        subscribe(elsewhere, "/a/b", exact);
        subscribe(elsewhere, "/a/*", pattern);
        messages.forEach(message -> on(bus.publish("/a/b", message)));
        eventually().until(() -> exact.heard.size() == messages.size() && pattern.heard.size() == messages.size());
        for (int i = 0; i < messages.size(); i++) {
            assertThat(exact.heard.get(i).message()).isEqualTo(messages.get(i));
            assertThat(pattern.heard.get(i).message()).isEqualTo(messages.get(i));
        }
    }

    @Test
    final void manySubscriptionsAreEachHeardOnce() {
        int many = 500;
        List<Recorder> recorders = new ArrayList<>();
        List<CompletionStage<Registration>> subscribing = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            recorders.add(new Recorder());
            String pattern = i % 5 == 0 ? "/many/c" + i + "/*" : "/many/c" + i + "/x";
            subscribing.add(elsewhere.subscribe(new ChannelPattern(pattern), recorders.get(i)));
        }
        List<Registration> registrations =
                subscribing.stream().map(TransportContract::on).toList();
        for (int i = 0; i < many; i++) {
            assertThat(publish(bus, "/many/c" + i + "/x", "m" + i)).isNotEqualTo(Delivery.NONE);
        }
        eventually().until(() -> recorders.stream().noneMatch(recorder -> recorder.heard.isEmpty()));
        for (int i = 0; i < many; i++) {
            assertThat(recorders.get(i).texts()).containsExactly("m" + i);
        }
        registrations.forEach(Registration::close);
    }

    @Test
    final void twoNamespacesHearNothingOfEachOther() {
        MessageBus other = openElsewhere().bus().orElseThrow();
        Recorder here = new Recorder();
        Recorder there = new Recorder();
        subscribe(elsewhere, "/**", here);
        subscribe(other, "/**", there);
        publish(bus, "/a/b", "here");
        publish(other, "/a/b", "there");
        eventually().until(() -> !here.heard.isEmpty() && !there.heard.isEmpty());
        publish(bus, "/a/b", "end");
        publish(other, "/a/b", "end");
        eventually().until(() -> here.texts().contains("end") && there.texts().contains("end"));
        assertThat(here.texts()).containsExactly("here", "end");
        assertThat(there.texts()).containsExactly("there", "end");
    }

    private static Registration subscribe(MessageBus to, String pattern, Recorder recorder) {
        return on(to.subscribe(new ChannelPattern(pattern), recorder));
    }

    private static Delivery publish(MessageBus from, String channel, String message) {
        return on(from.publish(channel, bytes(message)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
