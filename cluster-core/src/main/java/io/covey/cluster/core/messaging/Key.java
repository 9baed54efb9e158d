package io.covey.cluster.core.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.core.wire.Envelope;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import javax.crypto.Mac;

/** Signs and checks envelopes with one key. */
final class Key {
    static final int MAC_BYTES = 32;
    private static final byte[] DOMAIN = "covey1".getBytes(UTF_8);

    private final String id;
    private final Mac prototype;

    Key(String id, byte[] key) {
        this.id = id;
        this.prototype = Hkdf.hmac(key);
    }

    String id() {
        return id;
    }

    byte[] sign(Envelope.Builder envelope) {
        byte[] keyId = envelope.getKeyId().getBytes(UTF_8);
        byte[] channel = envelope.getChannel().getBytes(UTF_8);
        byte[] sender = envelope.getSender().getBytes(UTF_8);
        int size = DOMAIN.length + 4 * 5 + keyId.length + channel.length + sender.length + 2 * 8;
        ByteBuffer head = ByteBuffer.allocate(size)
                .put(DOMAIN)
                .putInt(keyId.length)
                .put(keyId)
                .putInt(envelope.getKind())
                .putInt(channel.length)
                .put(channel)
                .putInt(sender.length)
                .put(sender)
                .putLong(envelope.getSeq())
                .putLong(envelope.getSentMs())
                .putInt(envelope.getPayload().size());
        Mac mac = mac();
        mac.update(head.array());
        mac.update(envelope.getPayload().asReadOnlyByteBuffer());
        return mac.doFinal();
    }

    boolean signed(Envelope.Builder envelope) {
        return MessageDigest.isEqual(sign(envelope), envelope.getMac().toByteArray());
    }

    /** A copy with the key in it: several threads sign, and setting a key costs more than copying one. */
    private Mac mac() {
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
