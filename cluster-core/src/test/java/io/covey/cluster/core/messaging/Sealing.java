package io.covey.cluster.core.messaging;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
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

    /** What arrived, as protobuf has it. */
    static Envelope envelope(Arrival arrival) {
        return Envelope.newBuilder()
                .setKeyId(arrival.keyId())
                .setPayload(ByteString.copyFrom(arrival.payload()))
                .setSentMs(arrival.sentMs())
                .setSender(arrival.sender().text())
                .setChannel(arrival.channel().text())
                .setSeq(arrival.seq())
                .setKind(arrival.kind())
                .setHeaders(ByteString.copyFrom(arrival.headers()))
                .setMac(ByteString.copyFrom(arrival.mac()))
                .build();
    }

    /** An envelope that names a key. */
    static Arrival naming(String keyId) {
        return arrival(Envelope.newBuilder()
                .setKeyId(keyId)
                .setSender("sender")
                .setSeq(1)
                .setMac(ByteString.copyFrom(new byte[Key.MAC_BYTES]))
                .build());
    }

    static Arrival arrival(Envelope envelope) {
        try {
            return Arrival.read(frame(envelope));
        } catch (IOException e) {
            throw new AssertionError("This is an envelope", e);
        }
    }

    static byte[] frame(Envelope envelope) {
        return frame(envelope::writeTo);
    }

    /** A frame of whatever somebody writes. */
    static byte[] frame(Fields fields) {
        return bytes(out -> {
            out.writeRawByte(Frame.VERSION);
            fields.to(out);
        });
    }

    static byte[] bytes(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.to(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Writes as protobuf does, but what it likes. */
    interface Fields {
        void to(CodedOutputStream out) throws IOException;
    }
}
