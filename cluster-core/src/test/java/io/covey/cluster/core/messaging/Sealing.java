package io.covey.cluster.core.messaging;

import com.google.protobuf.ByteString;
import io.covey.cluster.core.wire.Envelope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What an attacker who has a protobuf library makes of envelopes. */
final class Sealing {

    private Sealing() {}

    /** Signs whatever is in an envelope. */
    static Envelope sign(KeyRing ring, Envelope.Builder envelope) {
        Key key = ring.signing();
        Letter letter = new Letter(
                envelope.getChannel(),
                envelope.getSender(),
                envelope.getKind(),
                envelope.getPayload().toByteArray(),
                envelope.getSentMs());
        return envelope.setKeyId(key.id())
                .setMac(ByteString.copyFrom(key.sign(letter, envelope.getSeq())))
                .build();
    }

    static byte[] frame(Envelope envelope) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(Frame.VERSION);
        try {
            envelope.writeTo(frame);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return frame.toByteArray();
    }
}
