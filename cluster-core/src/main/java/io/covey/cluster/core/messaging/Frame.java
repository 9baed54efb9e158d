package io.covey.cluster.core.messaging;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.covey.cluster.core.wire.Envelope;
import java.io.IOException;

/** An envelope as bytes: one version byte, then protobuf. */
final class Frame {
    static final byte VERSION = 1;
    private static final int DEEPEST = 16;
    private static final int LONGEST_SENDER = 200;
    private static final int LONGEST_KEY_ID = 64;

    private Frame() {}

    static byte[] write(Envelope envelope) {
        try {
            byte[] frame = new byte[1 + envelope.getSerializedSize()];
            frame[0] = VERSION;
            CodedOutputStream out = CodedOutputStream.newInstance(frame, 1, frame.length - 1);
            envelope.writeTo(out);
            out.checkNoSpaceLeft();
            return frame;
        } catch (IOException e) {
            throw new IllegalStateException("An array of the right size takes it", e);
        }
    }

    /**
     * Reads the fields that an envelope has and skips all others, so that a frame costs no more memory than its size.
     *
     * @throws IOException if this is no envelope
     */
    static Envelope.Builder read(byte[] frame) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(frame, 1, frame.length - 1);
        in.setRecursionLimit(DEEPEST);
        Envelope.Builder envelope = Envelope.newBuilder();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            read(in, tag, envelope);
        }
        in.checkLastTagWas(0);
        if (envelope.getSender().isEmpty()
                || envelope.getSender().length() > LONGEST_SENDER
                || envelope.getKeyId().length() > LONGEST_KEY_ID
                || (!envelope.getKeyId().isEmpty() && envelope.getMac().size() != Key.MAC_BYTES)
                || envelope.getSeq() <= 0) {
            throw new IOException("a field is out of its limits");
        }
        return envelope;
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
