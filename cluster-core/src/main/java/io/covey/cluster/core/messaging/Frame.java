package io.covey.cluster.core.messaging;

import com.google.protobuf.CodedOutputStream;
import io.covey.cluster.core.wire.Envelope;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An envelope as bytes: one version byte, then protobuf. {@link Arrival} reads it. */
final class Frame {
    static final byte VERSION = 1;
    /** Version, tags, lengths, numbers of the longest kind, a key's id of 12 characters and a signature. */
    private static final int AROUND = 1 + 14 + 6 + 11 + 3 + 3 + 11 + 6 + 6 + 2 + Key.MAC_BYTES;

    private Frame() {}

    /** How many bytes the frame of a letter has at most, besides those of its payload. */
    static long most(Letter letter) {
        return AROUND + letter.channel().length() + letter.sender().length() + letter.headers().length;
    }

    static byte[] write(Letter letter, long seq) {
        return write(letter, seq, "", null);
    }

    static byte[] write(Letter letter, long seq, Key key) {
        return write(letter, seq, key.id(), key.sign(letter, seq));
    }

    /** In one pass into an array of the right size: what a generated message does takes three. */
    private static byte[] write(Letter letter, long seq, String keyId, byte @Nullable [] mac) {
        byte[] headers = letter.headers();
        int size = 1
                + (mac == null ? 0 : CodedOutputStream.computeStringSize(Envelope.KEY_ID_FIELD_NUMBER, keyId))
                + CodedOutputStream.computeByteArraySize(Envelope.PAYLOAD_FIELD_NUMBER, letter.payload())
                + CodedOutputStream.computeInt64Size(Envelope.SENT_MS_FIELD_NUMBER, letter.sentMs())
                + CodedOutputStream.computeStringSize(Envelope.SENDER_FIELD_NUMBER, letter.sender())
                + CodedOutputStream.computeStringSize(Envelope.CHANNEL_FIELD_NUMBER, letter.channel())
                + CodedOutputStream.computeUInt64Size(Envelope.SEQ_FIELD_NUMBER, seq)
                + CodedOutputStream.computeUInt32Size(Envelope.KIND_FIELD_NUMBER, letter.kind())
                + (headers.length == 0
                        ? 0
                        : CodedOutputStream.computeByteArraySize(Envelope.HEADERS_FIELD_NUMBER, headers))
                + (mac == null ? 0 : CodedOutputStream.computeByteArraySize(Envelope.MAC_FIELD_NUMBER, mac));
        byte[] frame = new byte[size];
        frame[0] = VERSION;
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(frame, 1, size - 1);
            if (mac != null) {
                out.writeString(Envelope.KEY_ID_FIELD_NUMBER, keyId);
            }
            out.writeByteArray(Envelope.PAYLOAD_FIELD_NUMBER, letter.payload());
            out.writeInt64(Envelope.SENT_MS_FIELD_NUMBER, letter.sentMs());
            out.writeString(Envelope.SENDER_FIELD_NUMBER, letter.sender());
            out.writeString(Envelope.CHANNEL_FIELD_NUMBER, letter.channel());
            out.writeUInt64(Envelope.SEQ_FIELD_NUMBER, seq);
            out.writeUInt32(Envelope.KIND_FIELD_NUMBER, letter.kind());
            if (headers.length > 0) {
                out.writeByteArray(Envelope.HEADERS_FIELD_NUMBER, headers);
            }
            if (mac != null) {
                out.writeByteArray(Envelope.MAC_FIELD_NUMBER, mac);
            }
            out.checkNoSpaceLeft();
            return frame;
        } catch (IOException e) {
            throw new IllegalStateException("An array of the right size takes it", e);
        }
    }
}
