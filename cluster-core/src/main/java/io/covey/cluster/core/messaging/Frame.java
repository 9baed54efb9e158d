package io.covey.cluster.core.messaging;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.covey.cluster.core.wire.Envelope;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An envelope as bytes: one version byte, then protobuf. */
final class Frame {
    static final byte VERSION = 1;
    private static final int DEEPEST = 16;
    private static final int LONGEST_SENDER = 200;
    private static final int LONGEST_KEY_ID = 64;
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

    /**
     * Reads the fields that an envelope has and skips all others, so that a frame costs no more memory than its size.
     *
     * @param frame not changed afterwards: the envelope may refer to it
     * @throws IOException if this is no envelope
     */
    static Envelope.Builder read(byte[] frame) throws IOException {
        CodedInputStream in =
                UnsafeByteOperations.unsafeWrap(frame, 1, frame.length - 1).newCodedInput();
        in.enableAliasing(true);
        in.setRecursionLimit(DEEPEST);
        Envelope.Builder envelope = Envelope.newBuilder();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            read(in, tag, envelope);
        }
        in.checkLastTagWas(0);
        if (envelope.getSender().isEmpty()
                || !plain(envelope.getSender(), LONGEST_SENDER)
                || !plain(envelope.getKeyId(), LONGEST_KEY_ID)
                || (!envelope.getKeyId().isEmpty() && envelope.getMac().size() != Key.MAC_BYTES)
                || envelope.getSeq() <= 0) {
            throw new IOException("a field is out of its limits");
        }
        return envelope;
    }

    /** These go into logs and reasons of gaps: no line feed, no escape sequence, nothing that looks like something else. */
    private static boolean plain(String text, int longest) {
        if (text.length() > longest) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    private static void read(CodedInputStream in, int tag, Envelope.Builder envelope) throws IOException {
        switch (tag) {
            case Envelope.KEY_ID_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                envelope.setKeyId(in.readStringRequireUtf8());
            case Envelope.PAYLOAD_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                envelope.setPayload(in.readBytes());
            case Envelope.SENT_MS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT -> envelope.setSentMs(in.readInt64());
            case Envelope.SENDER_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                envelope.setSender(in.readStringRequireUtf8());
            case Envelope.CHANNEL_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                envelope.setChannel(in.readStringRequireUtf8());
            case Envelope.SEQ_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT -> envelope.setSeq(in.readUInt64());
            case Envelope.KIND_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT -> envelope.setKind(in.readUInt32());
            case Envelope.HEADERS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                envelope.setHeaders(in.readBytes());
            case Envelope.MAC_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                envelope.setMac(in.readBytes());
            default -> {
                if (!in.skipField(tag)) {
                    throw new IOException("a group ends that did not begin");
                }
            }
        }
    }
}
