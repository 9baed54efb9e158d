package io.covey.cluster.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.Gap;
import io.covey.cluster.NotSecuredException;
import io.covey.cluster.Secret;
import io.covey.cluster.SignedBus;
import io.covey.cluster.core.wire.Envelope;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.Transport;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The attacker here can publish and subscribe whatever it likes, and has no token. */
class SignedBusTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String CHANNEL = "/cluster/test";

    private final Nodes nodes = new Nodes();
    private final Transport attacker = nodes.raw();
    private final MessageBus wire = attacker.bus().orElseThrow();
    private final List<byte[]> recorded = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private Cluster one;
    private Cluster two;

    @BeforeEach
    void join() {
        one = nodes.joinRemote("one", Optional.of(Nodes.TOKEN));
        two = nodes.joinRemote("two", Optional.of(Nodes.TOKEN));
        Await.on(
                two.bus().subscribe(CHANNEL, message -> heard.add(message.kind() + ":" + text(message.payload()))),
                SOON,
                "subscribe");
        Await.on(wire.subscribe(new ChannelPattern(CHANNEL), recording(recorded)), SOON, "subscribe");
    }

    @AfterEach
    void close() {
        nodes.close();
        attacker.close();
    }

    @Test
    void aMessageBringsItsSenderKindAndTime() {
        List<SignedBus.Message> messages = new CopyOnWriteArrayList<>();
        Await.on(two.bus().subscribe(CHANNEL, messages::add), SOON, "subscribe");
        publish(one, 7, "hello");
        await().untilAsserted(() -> assertThat(messages).singleElement().satisfies(message -> {
            assertThat(message.channel()).isEqualTo(CHANNEL);
            assertThat(message.sender()).isEqualTo(one.self().id());
            assertThat(message.kind()).isEqualTo(7);
            assertThat(text(message.payload())).isEqualTo("hello");
            assertThat(message.sentAtMillis())
                    .isCloseTo(System.currentTimeMillis(), org.assertj.core.data.Offset.offset(5000L));
        }));
    }

    @Test
    void aReplayIsHeardByNobody() {
        publish(one, 1, "once");
        forge(recorded().get(0));
        forge(recorded().get(0));
        expectOnly("1:once");
    }

    @Test
    void aFrameMovedFromAnotherChannelIsDropped() {
        List<byte[]> elsewhere = new CopyOnWriteArrayList<>();
        Await.on(wire.subscribe(new ChannelPattern("/cluster/elsewhere"), recording(elsewhere)), SOON, "subscribe");
        Await.on(one.bus().publish("/cluster/elsewhere", 1, "moved".getBytes(UTF_8)), SOON, "publish");
        await().until(() -> !elsewhere.isEmpty());
        forge(elsewhere.get(0));
        expectOnly();
    }

    @Test
    void aChangedKindOrPayloadIsDropped() throws Exception {
        publish(one, 1, "true");
        byte[] frame = recorded().get(0);
        Envelope envelope = Envelope.parseFrom(Arrays.copyOfRange(frame, 1, frame.length));
        forge(envelope.toBuilder().setKind(2).setSeq(2).build());
        forge(envelope.toBuilder().setSeq(2).build());
        forge(envelope.toBuilder().clearMac().clearKeyId().setSeq(2).build());
        expectOnly("1:true");
    }

    @Test
    void aNodeWithAnotherTokenIsNotHeard() {
        Cluster stranger = nodes.joinRemote("stranger", Optional.of(Secret.of("another-token-0123456789")));
        publish(stranger, 1, "forged");
        expectOnly();
    }

    @Test
    void garbageAndWhatIsTooLargeAreDropped() {
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            byte[] frame = new byte[random.nextInt(300)];
            random.nextBytes(frame);
            forge(frame);
        }
        forge(new byte[1 << 20]);
        expectOnly();
        assertThatThrownBy(() -> one.bus().publish(CHANNEL, 1, new byte[2048]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHoleIsAnnounced() {
        List<Gap> gaps = new CopyOnWriteArrayList<>();
        List<String> messages = new CopyOnWriteArrayList<>();
        Await.on(
                two.bus().subscribe(CHANNEL, new SignedBus.Listener() {
                    @Override
                    public void onMessage(SignedBus.Message message) {
                        messages.add(text(message.payload()));
                    }

                    @Override
                    public void onGap(Gap gap) {
                        gaps.add(gap);
                    }
                }),
                SOON,
                "subscribe");
        publish(one, 1, "1");
        nodes.wire(one).become(Wire.State.CUT);
        assertThatThrownBy(() -> publish(one, 1, "2")).hasMessageContaining("cut");
        nodes.wire(one).become(Wire.State.WHOLE);
        publish(one, 1, "3");
        await().untilAsserted(() -> assertThat(messages).containsExactly("1", "3"));
        assertThat(gaps)
                .singleElement()
                .satisfies(gap -> assertThat(gap.missed()).hasValue(1));
    }

    @Test
    void withoutATokenThereIsNoBusUnlessNothingLeavesTheProcess() {
        Cluster open = nodes.joinRemote("open", Optional.empty());
        assertThatThrownBy(open::bus).isInstanceOf(NotSecuredException.class).hasMessageContaining("COVEY_TOKEN");
        Cluster local = nodes.join("local");
        List<String> messages = new CopyOnWriteArrayList<>();
        Await.on(local.bus().subscribe("/cluster/l", m -> messages.add(text(m.payload()))), SOON, "subscribe");
        Await.on(local.bus().publish("/cluster/l", 1, "unsigned".getBytes(UTF_8)), SOON, "publish");
        await().untilAsserted(() -> assertThat(messages).containsExactly("unsigned"));
    }

    @Test
    void aChannelOutsideTheSecuredNamespaceIsRefused() {
        for (String channel : List.of("/chat", "/clusters/x", "/cluster/*", "cluster/x", "/cluster/../x")) {
            assertThatThrownBy(() -> one.bus().publish(channel, 1, new byte[0]))
                    .as(channel)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void neitherTokenNorContentIsInAnyText() {
        assertThat(one.config().toString()).doesNotContain("b8b1f1c4a6d04c0f9e5a");
        publish(one, 1, "canary-payload");
        assertThat(new String(recorded().get(0), UTF_8)).doesNotContain("b8b1f1c4a6d04c0f9e5a");
    }

    /** What was forged came before this message: once it is heard, nothing else will be. */
    private void expectOnly(String... texts) {
        publish(one, 99, "last");
        List<String> expected = new java.util.ArrayList<>(List.of(texts));
        expected.add("99:last");
        await().untilAsserted(() -> assertThat(heard).contains("99:last"));
        assertThat(heard).isEqualTo(expected);
    }

    private void forge(Envelope envelope) {
        byte[] body = envelope.toByteArray();
        byte[] frame = new byte[body.length + 1];
        frame[0] = 1;
        System.arraycopy(body, 0, frame, 1, body.length);
        forge(frame);
    }

    private void forge(byte[] frame) {
        Await.on(wire.publish(CHANNEL, frame), SOON, "publish");
    }

    private void publish(Cluster from, int kind, String text) {
        Await.on(from.bus().publish(CHANNEL, kind, text.getBytes(UTF_8)), SOON, "publish");
    }

    private List<byte[]> recorded() {
        await().until(() -> !recorded.isEmpty());
        return recorded;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    static MessageBus.Listener recording(List<byte[]> frames) {
        return new MessageBus.Listener() {
            @Override
            public void onMessage(String channel, byte[] message) {
                frames.add(message);
            }

            @Override
            public void onGap(Gap gap) {}
        };
    }
}
