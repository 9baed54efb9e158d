package io.covey.cluster.core.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.covey.cluster.core.wire.Envelope;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.Mac;

/** Signs and checks envelopes with one key. Thread-safe. */
final class Key {
    static final int MAC_BYTES = 32;
    private static final byte[] DOMAIN = "covey1".getBytes(UTF_8);
    private static final int IDLE = 16;

    private final String id;
    private final byte[] idBytes;
    private final Mac prototype;
    /** Copies that nobody uses now: one is cheaper to use again than to make. */
    private final AtomicReferenceArray<Mac> idle = new AtomicReferenceArray<>(IDLE);

    Key(String id, byte[] key) {
        this.id = id;
        this.idBytes = id.getBytes(UTF_8);
        this.prototype = Hkdf.hmac(key);
    }

    String id() {
        return id;
    }

    byte[] sign(Letter letter, long seq) {
        byte[] payload = letter.payload();
        byte[] head = head(letter.kind(), letter.channel(), letter.sender(), seq, letter.sentMs(), payload.length);
        int slot = slot();
        Mac mac = take(slot);
        mac.update(head);
        mac.update(payload);
        mac.update(letter.headers());
        byte[] signature = mac.doFinal();
        idle.set(slot, mac);
        return signature;
    }

    /** Whether an envelope that names this key is signed with it, in a time that does not depend on where it differs. */
    boolean signed(Envelope.Builder envelope) {
        ByteString payload = envelope.getPayload();
        byte[] head = head(
                envelope.getKind(),
                envelope.getChannel(),
                envelope.getSender(),
                envelope.getSeq(),
                envelope.getSentMs(),
                payload.size());
        int slot = slot();
        Mac mac = take(slot);
        mac.update(head);
        for (ByteBuffer part : payload.asReadOnlyByteBufferList()) {
            mac.update(part);
        }
        for (ByteBuffer part : envelope.getHeaders().asReadOnlyByteBufferList()) {
            mac.update(part);
        }
        byte[] signature = mac.doFinal();
        idle.set(slot, mac);
        return MessageDigest.isEqual(signature, envelope.getMac().toByteArray());
    }

    /** Every field with its length, but for the payload itself, which comes next, and the headers, which come last. */
    private byte[] head(int kind, String channel, String sender, long seq, long sentMs, int payload) {
        byte[] to = channel.getBytes(UTF_8);
        byte[] from = sender.getBytes(UTF_8);
        int size = DOMAIN.length + 5 * Integer.BYTES + idBytes.length + to.length + from.length + 2 * Long.BYTES;
        return ByteBuffer.allocate(size)
                .put(DOMAIN)
                .putInt(idBytes.length)
                .put(idBytes)
                .putInt(kind)
                .putInt(to.length)
                .put(to)
                .putInt(from.length)
                .put(from)
                .putLong(seq)
                .putLong(sentMs)
                .putInt(payload)
                .array();
    }

    private static int slot() {
        return Thread.currentThread().hashCode() & (IDLE - 1);
    }

    private Mac take(int slot) {
        Mac mac = idle.getAndSet(slot, null);
        return mac != null ? mac : copy();
    }

    /** Setting a key costs more than copying one. */
    private Mac copy() {
        try {
            return (Mac) prototype.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The platform's HMAC cannot be copied", e);
        }
    }

    @Override
    public String toString() {
        return "Key[" + id + "]";
    }
}
