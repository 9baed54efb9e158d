package io.covey.cluster.core.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.WireFormat;
import io.covey.cluster.Rejection;
import io.covey.cluster.Secret;
import io.covey.cluster.core.runtime.BackendClock;
import io.covey.cluster.core.wire.Envelope;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {
    private static final Secret OLD = Secret.of("0f1e2d3c4b5a69788796");
    private static final Secret NEW = Secret.of("a9b8c7d6e5f4031221304");
    private static final String CHANNEL = "/cluster/test";

    private final AtomicLong nanos = new AtomicLong();
    private final BackendClock clock = new BackendClock(nanos::get);
    private final Rejections rejections = new Rejections(nanos::get);
    private final Optional<KeyRing> ring = ring(OLD);
    private final Gate gate = gate(ring);

    @Test
    void aSignedMessageComesThrough() {
        assertThat(admitted(gate, signed(ring, envelope(1)))).isTrue();
        assertThat(admitted(gate, signed(ring, envelope(2)))).isTrue();
    }

    @Test
    void anyFieldThatIsChangedBreaksTheSignature() {
        Envelope good = sign(ring, envelope(1));
        for (Envelope forged : List.of(
                good.toBuilder().setKind(8).build(),
                good.toBuilder().setPayload(ByteString.copyFromUtf8("other")).build(),
                good.toBuilder().setSender("else").build(),
                good.toBuilder().setSeq(9).build(),
                good.toBuilder().setSentMs(good.getSentMs() + 1).build(),
                good.toBuilder().setChannel("/cluster/tes").build(),
                good.toBuilder().setMac(ByteString.copyFrom(new byte[32])).build())) {
            assertThat(admitted(gate, Sealing.frame(forged))).isFalse();
        }
        assertThat(count(Rejection.MAC)).isEqualTo(6);
        assertThat(count(Rejection.CHANNEL)).isEqualTo(1);
        assertThat(admitted(gate, Sealing.frame(good))).isTrue();
    }

    @Test
    void aFrameOfAnotherChannelIsNotForThisOne() {
        byte[] frame = signed(ring, envelope(1));
        assertThat(gate.admit("/cluster/other", frame)).isEmpty();
        assertThat(count(Rejection.CHANNEL)).isEqualTo(1);
    }

    @Test
    void aReplayIsRefusedAtOnceAndLaterAndByAReceiverThatIsNew() {
        byte[] frame = signed(ring, envelope(1));
        assertThat(admitted(gate, frame)).isTrue();
        assertThat(admitted(gate, frame)).isFalse();
        pass(Duration.ofSeconds(31));
        assertThat(admitted(gate, frame)).isFalse();
        assertThat(count(Rejection.REPLAY)).isEqualTo(2);
        assertThat(admitted(gate(ring), frame)).isFalse();
        assertThat(count(Rejection.TIME)).isEqualTo(1);
    }

    @Test
    void whatWasSentBeforeASubscriptionIsAReplayToIt() {
        byte[] frame = signed(ring, envelope(1));
        pass(Duration.ofSeconds(6));
        assertThat(admitted(gate(ring), frame)).isFalse();
        assertThat(count(Rejection.TIME)).isEqualTo(1);
    }

    @Test
    void aSenderFromTheFutureIsRefusedAndAKnownOneIsNotTimed() {
        Envelope.Builder future = envelope(1).setSentMs(clock.millis() + 31_000);
        assertThat(admitted(gate, signed(ring, future))).isFalse();
        assertThat(admitted(gate, signed(ring, envelope(2)))).isTrue();
        Envelope.Builder late = envelope(3).setSentMs(clock.millis() - 3_600_000);
        assertThat(admitted(gate, signed(ring, late))).isTrue();
    }

    @Test
    void whatASenderSentBeforeItWasFirstHeardIsTimed() {
        byte[] old = signed(ring, envelope(1));
        byte[] kept = signed(ring, envelope(2));
        pass(Duration.ofSeconds(40));
        assertThat(admitted(gate, signed(ring, envelope(4)))).isTrue();
        assertThat(admitted(gate, old)).isFalse();
        assertThat(gate.admitKept(CHANNEL, kept, 1000)).isEmpty();
        assertThat(count(Rejection.TIME)).isEqualTo(2);
        assertThat(admitted(gate, signed(ring, envelope(3)))).isTrue();
    }

    @Test
    void whatCameByTheHistoryDoesNotLetInWhatIsOldAndComesLive() {
        byte[] old = signed(ring, envelope(2));
        pass(Duration.ofSeconds(31));
        assertThat(gate.admitKept(CHANNEL, signed(ring, envelope(1)), 60_000)).isPresent();
        assertThat(admitted(gate, old)).isFalse();
        assertThat(gate.admitKept(CHANNEL, old, 60_000)).isPresent();
    }

    @Test
    void anUnsignedFrameAndOneOfAnotherTokenAreRefused() {
        assertThat(admitted(gate, Sealing.frame(envelope(1).build()))).isFalse();
        assertThat(admitted(gate, signed(ring(NEW), envelope(1)))).isFalse();
        assertThat(admitted(gate, signed(KeyRing.of(List.of(OLD), "other", "node"), envelope(1))))
                .isFalse();
        assertThat(admitted(gate, signed(KeyRing.of(List.of(OLD), "covey", "topic"), envelope(1))))
                .isFalse();
        assertThat(count(Rejection.UNSIGNED)).isEqualTo(1);
        assertThat(count(Rejection.KEY)).isEqualTo(2);
        assertThat(count(Rejection.MAC)).isEqualTo(1);
    }

    @Test
    void aTokenIsReplacedInThreeStepsWithoutLoss() {
        Optional<KeyRing> first = ring(OLD);
        Optional<KeyRing> second = ring(OLD, NEW);
        Optional<KeyRing> third = ring(NEW, OLD);
        Optional<KeyRing> fourth = ring(NEW);
        List<List<Optional<KeyRing>>> neighbours =
                List.of(List.of(first, second), List.of(second, third), List.of(third, fourth));
        for (List<Optional<KeyRing>> pair : neighbours) {
            assertThat(admitted(gate(pair.get(0)), signed(pair.get(1), envelope(1))))
                    .isTrue();
            assertThat(admitted(gate(pair.get(1)), signed(pair.get(0), envelope(1))))
                    .isTrue();
        }
        assertThat(admitted(gate(fourth), signed(first, envelope(1)))).isFalse();
    }

    @Test
    void aRingThatGetsOtherTokensSignsAndAcceptsByThemAtOnce() {
        KeyRing keys = ring.orElseThrow();
        byte[] before = signed(ring, envelope(1));
        keys.replace(List.of(NEW, OLD));
        byte[] between = signed(ring, envelope(2));
        assertThat(admitted(gate, before)).isTrue();
        assertThat(admitted(gate, between)).isTrue();
        assertThat(admitted(gate(ring(NEW)), between)).isTrue();
        byte[] late = signed(ring(OLD), envelope(3));
        keys.replace(List.of(NEW));
        assertThat(admitted(gate, late)).isFalse();
        assertThat(count(Rejection.KEY)).isEqualTo(1);
        assertThat(admitted(gate, signed(ring, envelope(4)))).isTrue();
    }

    @Test
    void whatANodeSendsIsTheEnvelopeThatAProtobufWriterMakesToo() throws IOException {
        Letter letter = new Letter(CHANNEL, "sender", 7, new byte[300], clock.millis());
        byte[] frame = Frame.write(letter, 1L << 40, ring.orElseThrow().signing());
        Envelope read = Envelope.parseFrom(Arrays.copyOfRange(frame, 1, frame.length));
        assertThat(read).isEqualTo(sign(ring, envelope(1L << 40).setPayload(ByteString.copyFrom(letter.payload()))));
        assertThat((long) frame.length - letter.payload().length).isLessThanOrEqualTo(Frame.most(letter));
        assertThat(admitted(gate, frame)).isTrue();
        assertThat(admitted(gate(Optional.empty()), Frame.write(letter, 1))).isTrue();
    }

    @Test
    void theLongestNumbersStayBelowTheSizeThatIsReckonedWith() {
        Letter letter = new Letter("/" + "c".repeat(199), "s".repeat(200), -1, new byte[0], -1);
        byte[] frame = Frame.write(letter, Long.MIN_VALUE, ring.orElseThrow().signing());
        assertThat((long) frame.length).isLessThanOrEqualTo(Frame.most(letter));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "a\u001b[31m", "a\u0000", "a b", "\u202eabc", "s\u00e9nder"})
    void aSenderThatCouldForgeALineOfALogIsRefused(String sender) {
        assertThat(admitted(gate, signed(ring, envelope(1).setSender(sender)))).isFalse();
        assertThat(admitted(gate(Optional.empty()), signed(ring, envelope(1).setSender(sender))))
                .isFalse();
        assertThat(count(Rejection.PARSE)).isEqualTo(2);
    }

    @Test
    void aHoleInTheNumbersIsCounted() {
        assertThat(missed(5)).isZero();
        assertThat(missed(6)).isZero();
        assertThat(missed(10)).isEqualTo(3);
        assertThat(missed(8)).isZero();
        gate.holesAnnounced();
        assertThat(missed(20)).isZero();
        assertThat(missed(22)).isEqualTo(1);
    }

    @Test
    void sendersAreBoundedAndNoneIsForgottenThatCouldBeReplayed() {
        for (int i = 0; i < Gate.MOST_SENDERS; i++) {
            assertThat(admitted(gate, signed(ring, envelope(1).setSender("n" + i))))
                    .isTrue();
        }
        assertThat(admitted(gate, signed(ring, envelope(1).setSender("more")))).isFalse();
        assertThat(count(Rejection.SENDERS)).isEqualTo(1);
        assertThat(gate.takeUnheard()).isTrue();
        assertThat(gate.takeUnheard()).isFalse();
        pass(Duration.ofMinutes(3));
        assertThat(admitted(gate, signed(ring, envelope(1).setSender("more")))).isTrue();
    }

    /** By somebody who has the token, on channels that a pattern matches. */
    @Test
    void channelsWithoutEndFillNoMemoryAndSilenceNobodyWhoWasHeardBefore() {
        gate.admit(CHANNEL, signed(ring, envelope(1)));
        int flood = 100_000;
        for (int i = 0; i < flood; i++) {
            if (i % (Gate.MOST_SENDERS / 2) == 0) {
                assertThat(admitted(gate, signed(ring, envelope(2 + i)))).isTrue();
            }
            String channel = "/cluster/flood/" + i;
            gate.admit(channel, signed(ring, envelope(1).setChannel(channel)));
        }
        assertThat(gate.senders()).isEqualTo(Gate.MOST_SENDERS);
        assertThat(count(Rejection.SENDERS)).isEqualTo(flood + 1 - Gate.MOST_SENDERS);
        assertThat(gate.takeUnheard()).isTrue();
        assertThat(admitted(gate, signed(ring, envelope(flood + 2)))).isTrue();
    }

    @Test
    void garbageIsDroppedWhateverItIs() {
        Random random = new Random(7);
        byte[] good = signed(ring, envelope(1));
        for (int i = 0; i < 20_000; i++) {
            byte[] frame = i % 2 == 0 ? new byte[random.nextInt(200)] : good.clone();
            if (i % 2 == 0) {
                random.nextBytes(frame);
                if (frame.length > 0) {
                    frame[0] = Frame.VERSION;
                }
            } else {
                frame = Arrays.copyOf(frame, random.nextInt(frame.length));
            }
            assertThat(admitted(gate, frame)).isFalse();
        }
        assertThat(admitted(gate, new byte[0])).isFalse();
        assertThat(admitted(gate, new byte[] {2, 0})).isFalse();
        assertThat(admitted(gate, nestedGroups(10_000))).isFalse();
        assertThat(admitted(gate, manyUnknownFields(400_000))).isFalse();
        assertThat(gate.fits(CHANNEL, new byte[1 << 20])).isTrue();
        assertThat(gate.fits(CHANNEL, new byte[(1 << 20) + 1])).isFalse();
        assertThat(count(Rejection.SIZE)).isEqualTo(1);
        assertThat(count(Rejection.VERSION)).isGreaterThanOrEqualTo(2);
    }

    private static byte[] nestedGroups(int depth) {
        return Sealing.frame(out -> {
            for (int i = 0; i < depth; i++) {
                out.writeTag(100, WireFormat.WIRETYPE_START_GROUP);
            }
        });
    }

    private static byte[] manyUnknownFields(int fields) {
        return Sealing.frame(out -> {
            for (int i = 0; i < fields; i++) {
                out.writeUInt32(9, 1);
            }
        });
    }

    private Gate gate(Optional<KeyRing> keys) {
        return new Gate(keys, 1 << 20, clock, rejections);
    }

    private static Optional<KeyRing> ring(Secret... tokens) {
        return KeyRing.of(List.of(tokens), "covey", "node");
    }

    private Envelope.Builder envelope(long seq) {
        return Envelope.newBuilder()
                .setChannel(CHANNEL)
                .setSender("sender")
                .setKind(7)
                .setSeq(seq)
                .setSentMs(clock.millis())
                .setPayload(ByteString.copyFromUtf8("payload"));
    }

    private static Envelope sign(Optional<KeyRing> keys, Envelope.Builder envelope) {
        return Sealing.sign(keys.orElseThrow(), envelope);
    }

    private static byte[] signed(Optional<KeyRing> keys, Envelope.Builder envelope) {
        return Sealing.frame(sign(keys, envelope));
    }

    private boolean admitted(Gate through, byte[] frame) {
        return through.admit(CHANNEL, frame).isPresent();
    }

    private long missed(long seq) {
        return gate.admit(CHANNEL, signed(ring, envelope(seq))).orElseThrow().missed();
    }

    private long count(Rejection reason) {
        return rejections.counts().get(reason);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
