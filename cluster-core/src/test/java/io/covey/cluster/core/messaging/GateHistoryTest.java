package io.covey.cluster.core.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.covey.cluster.Rejection;
import io.covey.cluster.Secret;
import io.covey.cluster.core.runtime.BackendClock;
import io.covey.cluster.core.wire.Envelope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Frames that were kept are as old as their history may be, and else as good as live ones. */
class GateHistoryTest {
    private static final String CHANNEL = "/chat";
    private static final Duration REACH = Duration.ofHours(1);

    private final AtomicLong nanos = new AtomicLong();
    private final BackendClock clock = new BackendClock(nanos::get);
    private final Rejections rejections = new Rejections(nanos::get);
    private final KeyRing ring = KeyRing.of(List.of(Secret.of("0f1e2d3c4b5a69788796")), "covey", "topic")
            .orElseThrow();

    @Test
    void aKeptFrameMayBeAsOldAsTheHistoryAndALiveOneMayNot() {
        byte[] frame = frame(envelope(1));
        pass(REACH);
        assertThat(gate().admit(CHANNEL, frame)).isEmpty();
        assertThat(count(Rejection.TIME)).isEqualTo(1);
        assertThat(kept(gate(), frame)).isTrue();
        pass(Duration.ofMinutes(2));
        assertThat(kept(gate(), frame)).isFalse();
        assertThat(count(Rejection.TIME)).isEqualTo(2);
    }

    @Test
    void theSignatureTheChannelAndTheNumberOfAKeptFrameCountAsEver() {
        Envelope good = Sealing.sign(ring, envelope(1));
        Gate gate = gate();
        assertThat(kept(gate, Sealing.frame(good.toBuilder().setSeq(2).build())))
                .isFalse();
        assertThat(count(Rejection.MAC)).isEqualTo(1);
        assertThat(gate.admitKept("/other", Sealing.frame(good), REACH.toMillis()))
                .isEmpty();
        assertThat(count(Rejection.CHANNEL)).isEqualTo(1);
        assertThat(kept(gate, Sealing.frame(good))).isTrue();
        assertThat(kept(gate, Sealing.frame(good))).isFalse();
        assertThat(gate.admit(CHANNEL, Sealing.frame(good))).isEmpty();
        assertThat(count(Rejection.REPLAY)).isEqualTo(2);
    }

    @Test
    void aHoleBetweenKeptAndLiveFramesShows() {
        Gate gate = gate();
        assertThat(kept(gate, frame(envelope(1)))).isTrue();
        assertThat(gate.admit(CHANNEL, frame(envelope(4))).orElseThrow().missed())
                .isEqualTo(2);
    }

    private Gate gate() {
        return new Gate(Optional.of(ring), 1 << 20, clock, rejections);
    }

    private static boolean kept(Gate gate, byte[] frame) {
        return gate.admitKept(CHANNEL, frame, REACH.toMillis()).isPresent();
    }

    private byte[] frame(Envelope.Builder envelope) {
        return Sealing.frame(Sealing.sign(ring, envelope));
    }

    private Envelope.Builder envelope(long seq) {
        return Envelope.newBuilder()
                .setChannel(CHANNEL)
                .setSender("sender")
                .setSeq(seq)
                .setSentMs(clock.millis())
                .setPayload(ByteString.copyFromUtf8("payload"));
    }

    private long count(Rejection reason) {
        return rejections.counts().get(reason);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
