package io.covey.cluster.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.Codec;
import io.covey.cluster.CodecException;
import io.covey.cluster.Gap;
import io.covey.cluster.NotSecuredException;
import io.covey.cluster.Registration;
import io.covey.cluster.Secret;
import io.covey.cluster.Topic;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private final Nodes nodes = new Nodes();
    private final Heard heard = new Heard();

    record Chat(String text) {}

    @AfterEach
    void close() {
        nodes.close();
    }

    @Test
    void everySubscriberHearsEveryMessageInOrderThePublisherToo() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        Heard own = new Heard();
        two.topic("/chat/lobby", Chat.class).subscribe(chat -> heard.messages.add(chat.text()));
        one.topic("/chat/lobby", Chat.class).subscribe(chat -> own.messages.add(chat.text()));
        for (int i = 0; i < 500; i++) {
            assertThat(one.topic("/chat/lobby", Chat.class).publish(new Chat("m" + i)))
                    .isNotEqualTo(Delivery.NONE);
        }
        List<String> sent = IntStream.range(0, 500).mapToObj(i -> "m" + i).toList();
        await().untilAsserted(() -> assertThat(heard.messages).isEqualTo(sent));
        await().untilAsserted(() -> assertThat(own.messages).isEqualTo(sent));
    }

    @Test
    void patternsHearTheirChannelsAndWhereEachMessageCameFrom() {
        Cluster one = nodes.join("one");
        one.topic("/chat/*", String.class).subscribe(heard);
        Heard deep = new Heard();
        one.topic("/chat/**", String.class).subscribe(deep);
        one.topic("/chat", String.class).publish("0");
        one.topic("/chat/a", String.class).publish("1");
        one.topic("/chat/a/b", String.class).publish("2");
        one.topic("/chat/c", String.class).publish("3");
        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("/chat/a=1", "/chat/c=3"));
        await().untilAsserted(() -> assertThat(deep.messages).containsExactly("/chat/a=1", "/chat/a/b=2", "/chat/c=3"));
        assertThatThrownBy(() -> one.topic("/chat/*", String.class).publish("x"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void listenersRunOnThreadsOfTheNodeAndNotAfterTheirEnd() {
        Cluster one = nodes.join("one");
        List<String> threads = new CopyOnWriteArrayList<>();
        Registration registration = one.topic("/t", String.class)
                .subscribe(text -> threads.add(Thread.currentThread().getName()));
        one.topic("/t", String.class).subscribe(heard);
        one.topic("/t", String.class).publish("1");
        await().untilAsserted(() -> assertThat(threads).hasSize(1));
        assertThat(threads.get(0)).startsWith("covey-one-listener");
        registration.close();
        one.topic("/t", String.class).publish("2");
        await().untilAsserted(() -> assertThat(heard.messages).hasSize(2));
        assertThat(threads).hasSize(1);
    }

    @Test
    void oneThatNeverBlocksIsCalledWhereTheTransportHearsUnlessThatIsThePublisher() {
        List<String> threads = new CopyOnWriteArrayList<>();
        for (Cluster node : List.of(nodes.join("within"), nodes.joinRemote("afar", Optional.of(Nodes.TOKEN)))) {
            node.topic("/" + node.self().name(), String.class)
                    .nonBlocking()
                    .subscribe(text -> threads.add(Thread.currentThread().getName()));
            node.topic("/" + node.self().name(), String.class).publish("1");
        }
        await().untilAsserted(() -> assertThat(threads).hasSize(2));
        assertThat(threads)
                .filteredOn(name -> name.startsWith("covey-within-listener"))
                .hasSize(1);
        assertThat(threads).noneMatch(name -> name.startsWith("covey-afar-listener"));
    }

    @Test
    void aMessageThatWasLostOnTheWayIsAGap() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        two.topic("/t", String.class).subscribe(heard);
        Topic<String> topic = one.topic("/t", String.class);
        topic.publish("1");
        nodes.wire(one).become(Wire.State.CUT);
        assertThatThrownBy(() -> topic.publish("2")).hasMessageContaining("cut");
        assertThatThrownBy(() -> topic.publish("3")).hasMessageContaining("cut");
        nodes.wire(one).become(Wire.State.WHOLE);
        topic.publish("4");
        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("/t=1", "/t=4"));
        assertThat(heard.gaps).extracting(Gap::missed).containsExactly(OptionalLong.of(2));
    }

    @Test
    void manyPublishersOnOneNodeLeaveNoHole() {
        Cluster one = nodes.join("one");
        Cluster two = nodes.join("two");
        two.topic("/t", String.class).subscribe(heard);
        IntStream.range(0, 4)
                .mapToObj(publisher -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 500; i++) {
                        one.topic("/t", String.class).publish(publisher + ":" + i);
                    }
                }))
                .toList()
                .forEach(CompletableFuture::join);
        await().untilAsserted(() -> assertThat(heard.messages).hasSize(2000));
        assertThat(heard.gaps).isEmpty();
        assertThat(heard.messages).doesNotHaveDuplicates();
    }

    @Test
    void aMessageThatCannotBeDecodedIsAGapOfOne() {
        Cluster one = nodes.join("one");
        one.topic("/t", Chat.class).subscribe(new Topic.Listener<Chat>() {
            @Override
            public void onMessage(String channel, Chat message) {
                heard.messages.add(message.text());
            }

            @Override
            public void onGap(Gap gap) {
                heard.onGap(gap);
            }
        });
        one.topic("/t", String.class).publish("no json");
        one.topic("/t", Chat.class).publish(new Chat("fine"));
        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("fine"));
        assertThat(heard.gaps).singleElement().satisfies(gap -> {
            assertThat(gap.missed()).hasValue(1);
            assertThat(gap.reason()).contains("json:Chat").contains("/t");
        });
    }

    @Test
    void aMessageOverWhichTheCodecFallsIsAGapOfOne() {
        Cluster one = nodes.join("one");
        one.topic("/chat/lobby", new Stumbling()).subscribe(heard);
        one.topic("/chat/lobby", String.class).publish("deep");
        one.topic("/chat/lobby", String.class).publish("flat");
        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("/chat/lobby=flat"));
        assertThat(heard.gaps).hasSize(1);
        assertThatThrownBy(() -> one.topic("/chat/lobby", new Stumbling()).publish("deep"))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("StackOverflowError");
    }

    private record Stumbling() implements Codec<String> {

        @Override
        public byte[] encode(String value) {
            return checked(value).getBytes(UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return checked(new String(bytes, UTF_8));
        }

        @Override
        public String name() {
            return "stumbling";
        }

        private static String checked(String text) {
            if (text.equals("deep")) {
                throw new StackOverflowError("on purpose");
            }
            return text;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/cluster", "/cluster/rpc", "/cluster/*", "/cluster/**", "/cluster/a/**"})
    void theSecuredNamespaceIsRefused(String channel) {
        Cluster one = nodes.joinRemote("one", Optional.of(Nodes.TOKEN));
        assertThatThrownBy(() -> one.topic(channel, String.class).subscribe(heard))
                .isInstanceOf(NotSecuredException.class);
        if (!channel.endsWith("*")) {
            assertThatThrownBy(() -> one.topic(channel, String.class).publish("x"))
                    .isInstanceOf(NotSecuredException.class);
        }
    }

    @Test
    void aPatternOverEverythingHearsNothingOfTheSecuredNamespace() {
        Cluster one = nodes.join("one");
        one.topic("/**", String.class).subscribe(heard);
        Await.on(one.bus().publish("/cluster/secret", 1, "secret".getBytes(UTF_8)), SOON, "publish");
        one.topic("/open", String.class).publish("open");
        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("/open=open"));
        assertThat(heard.gaps).isEmpty();
    }

    @Test
    void withoutATokenTopicsWorkAndWithOneOnlyTheSignedAreHeard() {
        Cluster open = nodes.joinRemote("open", Optional.empty());
        Cluster signed = nodes.joinRemote("signed", Optional.of(Nodes.TOKEN));
        Cluster other = nodes.joinRemote("other", Optional.of(Secret.of("another-token-0123456789")));
        signed.topic("/t", String.class).subscribe(heard);
        Heard unsigned = new Heard();
        open.topic("/t", String.class).subscribe(unsigned);
        open.topic("/t", String.class).publish("unsigned");
        other.topic("/t", String.class).publish("forged");
        signed.topic("/t", String.class).publish("good");
        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("/t=good"));
        await().untilAsserted(
                        () -> assertThat(unsigned.messages).containsExactly("/t=unsigned", "/t=forged", "/t=good"));
    }

    @Test
    void aMessageOverTheFrameLimitIsRefusedAndLeavesNoHole() {
        Cluster one = nodes.join("one");
        Topic<String> topic = one.topic("/t", String.class);
        topic.subscribe(heard);
        topic.publish("1");
        assertThatThrownBy(() -> topic.publish("x".repeat(2048)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2048");
        topic.publish("2");
        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("/t=1", "/t=2"));
        assertThat(heard.gaps).isEmpty();
    }

    @Test
    void everyMessageIsAnEnvelopeAndWhatIsNoneIsDropped() {
        Cluster one = nodes.join("one");
        one.topic("/t", String.class).subscribe(heard);
        try (Transport raw = nodes.raw()) {
            List<byte[]> frames = new CopyOnWriteArrayList<>();
            MessageBus bus = raw.bus().orElseThrow();
            Await.on(bus.subscribe(new ChannelPattern("/t"), SignedBusTest.recording(frames)), SOON, "subscribe");
            Await.on(bus.publish("/t", "plain".getBytes(UTF_8)), SOON, "publish");
            one.topic("/t", String.class).publish("enveloped");
            await().untilAsserted(() -> assertThat(frames).hasSize(2));
            assertThat(frames.get(1)[0]).isEqualTo((byte) 1);
            await().untilAsserted(() -> assertThat(heard.messages).containsExactly("/t=enveloped"));
        }
    }

    private static final class Heard implements Topic.Listener<String> {
        private final List<String> messages = new CopyOnWriteArrayList<>();
        private final List<Gap> gaps = new CopyOnWriteArrayList<>();

        @Override
        public void onMessage(String channel, String message) {
            messages.add(channel + "=" + message);
        }

        @Override
        public void onGap(Gap gap) {
            gaps.add(gap);
        }
    }
}
