package io.covey.cluster.core.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.covey.cluster.Secret;
import io.covey.cluster.core.runtime.BackendClock;
import io.covey.cluster.core.wire.Envelope;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What anybody may publish; docs/security.md says how to search for more of it than the files of these tests. */
class FrameFuzzTest {
    private static final String CHANNEL = "/cluster/test";

    private final BackendClock clock = new BackendClock(System::nanoTime);
    private final Rejections rejections = new Rejections(System::nanoTime);

    @FuzzTest
    void bytesAreAnEnvelopeOrRefused(byte[] data) {
        if (data.length == 0) {
            return;
        }
        Envelope first;
        try {
            first = Sealing.envelope(Arrival.read(data));
        } catch (IOException e) {
            return;
        }
        assertThat(first.getSeq()).isPositive();
        assertThat(first.getSender()).isNotEmpty().hasSizeLessThanOrEqualTo(200).matches("[!-~]+");
        assertThat(first.getSerializedSize()).isLessThan(data.length + 16);
        try {
            assertThat(Sealing.envelope(Arrival.read(Sealing.frame(first)))).isEqualTo(first);
            Envelope other = Envelope.parseFrom(ByteString.copyFrom(data, 1, data.length - 1));
            assertThat(other.toBuilder()
                            .setUnknownFields(UnknownFieldSet.getDefaultInstance())
                            .build())
                    .as("what protobuf reads in it")
                    .isEqualTo(first);
        } catch (IOException e) {
            throw new AssertionError("What was read can be written and read", e);
        }
    }

    @FuzzTest
    void nothingWithoutTheTokenIsLetIn(byte[] data) {
        Secret token = Secret.of("7c2f9a1be0d84365-never-told");
        Gate gate = new Gate(KeyRing.of(List.of(token), "covey", "node"), 1 << 20, clock, rejections);
        assertThat(gate.fits(CHANNEL, data) ? gate.admit(CHANNEL, data) : Optional.empty())
                .isEmpty();
    }

    @FuzzTest
    void whatIsLetInWithoutSecurityIsLetInOnce(byte[] data) {
        Gate gate = new Gate(Optional.empty(), 1 << 20, clock, rejections);
        Optional<Gate.Admitted> admitted = gate.admit(CHANNEL, data);
        admitted.ifPresent(one -> assertThat(one.missed()).isZero());
        assertThat(gate.admit(CHANNEL, data)).isEmpty();
    }

    /** A bit of a signed frame that is changed is noticed, wherever it is. */
    @FuzzTest
    void aSignedFrameThatWasChangedIsNotLetIn(byte[] data) {
        if (data.length < 3) {
            return;
        }
        KeyRing ring = KeyRing.of(List.of(Secret.of("7c2f9a1be0d84365-never-told")), "covey", "node")
                .orElseThrow();
        Letter letter = new Letter(CHANNEL, "sender", 7, data, clock.millis());
        byte[] frame = Frame.write(letter, 1, ring.signing());
        byte[] changed = frame.clone();
        changed[((data[0] & 0xff) << 8 | data[1] & 0xff) % frame.length] ^= (byte) (1 << (data[2] & 7));
        Gate gate = new Gate(Optional.of(ring), 1 << 20, clock, rejections);
        gate.admit(CHANNEL, changed)
                .ifPresent(one -> assertThat(plain(one.arrival())).isEqualTo(plain(frame)));
        assertThat(new Gate(Optional.of(ring), 1 << 20, clock, rejections).admit(CHANNEL, frame))
                .isPresent();
    }

    private static Envelope plain(byte[] frame) {
        try {
            return plain(Arrival.read(frame));
        } catch (IOException e) {
            throw new AssertionError("Our own frame is one", e);
        }
    }

    private static Envelope plain(Arrival arrival) {
        return Sealing.envelope(arrival).toBuilder().clearMac().build();
    }
}
