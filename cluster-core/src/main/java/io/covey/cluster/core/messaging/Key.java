package io.covey.cluster.core.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.Mac;

/** Signs and checks envelopes with one key. Thread-safe. */
final class Key {
    static final int MAC_BYTES = 32;
    private static final byte[] DOMAIN = "covey1".getBytes(UTF_8);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int IDLE = 16;

    private final String id;
    private final byte[] idBytes;
    /** What all that is signed begins with. */
    private final byte[] prefix;

    private final Mac prototype;
    /** Copies that nobody uses now: one is cheaper to use again than to make. */
    private final AtomicReferenceArray<Mac> idle = new AtomicReferenceArray<>(IDLE);

    Key(String id, byte[] key) {
        this.id = id;
        this.idBytes = id.getBytes(UTF_8);
        this.prefix = ByteBuffer.allocate(DOMAIN.length + Integer.BYTES + idBytes.length)
                .put(DOMAIN)
                .putInt(idBytes.length)
                .put(idBytes)
                .array();
        this.prototype = Hkdf.hmac(key);
    }

    String id() {
        return id;
    }

    /** Whether an envelope names this key. */
    boolean isOf(Arrival arrival) {
        return arrival.names(idBytes);
    }

    byte[] sign(Letter letter, long seq) {
        byte[] payload = letter.payload();
        byte[] to = letter.channel().getBytes(UTF_8);
        byte[] from = letter.sender().getBytes(UTF_8);
        byte[] head = head(letter.kind(), to, from, seq, letter.sentMs(), payload.length);
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
    boolean signed(Arrival arrival) {
        byte[] head = head(
                arrival.kind(),
                arrival.channel().bytes(),
                arrival.sender().bytes(),
                arrival.seq(),
                arrival.sentMs(),
                arrival.payloadBytes());
        int slot = slot();
        Mac mac = take(slot);
        mac.update(head);
        arrival.addBody(mac);
        byte[] signature = mac.doFinal();
        idle.set(slot, mac);
        return MessageDigest.isEqual(signature, arrival.mac());
    }

    /** Every field with its length, but for the payload itself, which comes next, and the headers, which come last. */
    private byte[] head(int kind, byte[] to, byte[] from, long seq, long sentMs, int payload) {
        int size = prefix.length + 4 * Integer.BYTES + to.length + from.length + 2 * Long.BYTES;
        byte[] head = Arrays.copyOf(prefix, size);
        int at = prefix.length;
        INT.set(head, at, kind);
        at = text(head, at + Integer.BYTES, to);
        at = text(head, at, from);
        LONG.set(head, at, seq);
        LONG.set(head, at + Long.BYTES, sentMs);
        INT.set(head, at + 2 * Long.BYTES, payload);
        return head;
    }

    private static int text(byte[] head, int at, byte[] text) {
        INT.set(head, at, text.length);
        System.arraycopy(text, 0, head, at + Integer.BYTES, text.length);
        return at + Integer.BYTES + text.length;
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
