package io.covey.cluster.core.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Utf8;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.covey.cluster.core.wire.Envelope;
import java.io.IOException;
import java.util.Arrays;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * An envelope that came: its numbers, and where in the frame its texts and bytes are. Nothing is copied before somebody
 * asks for it, since most of what a subscriber hears is of a sender and a channel that it knows.
 */
final class Arrival {
    private static final int DEEPEST = 16;
    private static final int LONGEST_SENDER = 200;
    private static final int LONGEST_KEY_ID = 64;

    private final byte[] frame;
    /** Where each part is: its begin and above that its length. */
    private long keyIdAt;

    private long payloadAt;
    private long headersAt;
    private long senderAt;
    private long channelAt;
    private long macAt;
    private long sentMs;
    private long seq;
    private int kind;
    private @Nullable Known sender;
    private @Nullable Known channel;

    private Arrival(byte[] frame) {
        this.frame = frame;
    }

    /** A text and its bytes in UTF-8, which are neither made nor read again for each envelope. */
    record Known(String text, byte[] bytes) {

        static Known of(String text) {
            return new Known(text, text.getBytes(UTF_8));
        }
    }

    /**
     * Reads the fields that an envelope has and skips all others, so that a frame costs no more memory than its size.
     *
     * @param frame version and envelope; not changed afterwards
     * @throws IOException if this is no envelope
     */
    static Arrival read(byte[] frame) throws IOException {
        Arrival arrival = new Arrival(frame);
        CodedInputStream in = CodedInputStream.newInstance(frame, 1, frame.length - 1);
        in.setRecursionLimit(DEEPEST);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            arrival.read(in, tag);
        }
        in.checkLastTagWas(0);
        if (length(arrival.senderAt) == 0
                || !arrival.plain(arrival.senderAt, LONGEST_SENDER)
                || !arrival.plain(arrival.keyIdAt, LONGEST_KEY_ID)
                || (arrival.isSigned() && length(arrival.macAt) != Key.MAC_BYTES)
                || arrival.seq <= 0) {
            throw new IOException("a field is out of its limits");
        }
        return arrival;
    }

    private void read(CodedInputStream in, int tag) throws IOException {
        switch (tag) {
            case Envelope.KEY_ID_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> keyIdAt = text(in);
            case Envelope.PAYLOAD_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> payloadAt = bytes(in);
            case Envelope.SENT_MS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT -> sentMs = in.readInt64();
            case Envelope.SENDER_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> senderAt = text(in);
            case Envelope.CHANNEL_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> channelAt = text(in);
            case Envelope.SEQ_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT -> seq = in.readUInt64();
            case Envelope.KIND_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT -> kind = in.readUInt32();
            case Envelope.HEADERS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> headersAt = bytes(in);
            case Envelope.MAC_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> macAt = bytes(in);
            default -> {
                if (!in.skipField(tag)) {
                    throw new IOException("a group ends that did not begin");
                }
            }
        }
    }

    private static long bytes(CodedInputStream in) throws IOException {
        int length = in.readRawVarint32();
        long begin = 1L + in.getTotalBytesRead();
        in.skipRawBytes(length);
        return begin | (long) length << Integer.SIZE;
    }

    private long text(CodedInputStream in) throws IOException {
        long part = bytes(in);
        if (!Utf8.isWellFormed(frame, begin(part), length(part))) {
            throw new IOException("a text is not UTF-8");
        }
        return part;
    }

    private static int begin(long part) {
        return (int) part;
    }

    private static int length(long part) {
        return (int) (part >>> Integer.SIZE);
    }

    private static int end(long part) {
        return begin(part) + length(part);
    }

    /** These go into logs and reasons of gaps: no line feed, no escape sequence, nothing that looks like something else. */
    private boolean plain(long part, int longest) {
        if (length(part) > longest) {
            return false;
        }
        for (int i = begin(part); i < end(part); i++) {
            if (frame[i] <= ' ' || frame[i] > '~') {
                return false;
            }
        }
        return true;
    }

    boolean isSigned() {
        return length(keyIdAt) > 0;
    }

    /** Whether it names the key of that id, in ASCII. */
    boolean names(byte[] id) {
        return is(keyIdAt, id);
    }

    /** Whether it says that it was published on a channel. */
    boolean isOn(Known name) {
        boolean same = is(channelAt, name.bytes);
        if (same) {
            channel = name;
        }
        return same;
    }

    /** Whether a sender sent it. */
    boolean isFrom(Known id) {
        boolean same = is(senderAt, id.bytes);
        if (same) {
            sender = id;
        }
        return same;
    }

    private boolean is(long part, byte[] bytes) {
        return Arrays.equals(frame, begin(part), end(part), bytes, 0, bytes.length);
    }

    Known sender() {
        Known known = sender;
        if (known == null) {
            known = known(senderAt);
            sender = known;
        }
        return known;
    }

    Known channel() {
        Known known = channel;
        if (known == null) {
            known = known(channelAt);
            channel = known;
        }
        return known;
    }

    private Known known(long part) {
        byte[] bytes = copy(part);
        return new Known(new String(bytes, UTF_8), bytes);
    }

    /** Which key signed it; empty if none did. */
    String keyId() {
        return known(keyIdAt).text;
    }

    int kind() {
        return kind;
    }

    long seq() {
        return seq;
    }

    long sentMs() {
        return sentMs;
    }

    byte[] payload() {
        return copy(payloadAt);
    }

    int payloadBytes() {
        return length(payloadAt);
    }

    byte[] headers() {
        return copy(headersAt);
    }

    byte[] mac() {
        return copy(macAt);
    }

    private byte[] copy(long part) {
        return Arrays.copyOfRange(frame, begin(part), end(part));
    }

    /** Adds the payload and the headers to what is signed. */
    void addBody(Mac to) {
        to.update(frame, begin(payloadAt), length(payloadAt));
        to.update(frame, begin(headersAt), length(headersAt));
    }
}
