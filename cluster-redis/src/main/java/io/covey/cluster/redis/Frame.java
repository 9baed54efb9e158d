package io.covey.cluster.redis;

import io.covey.cluster.CodecException;
import io.covey.cluster.spi.CacheStore.Entry;
import io.covey.cluster.spi.Names;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** An entry as Redis holds it: one byte of format, eight of version, the value. */
final class Frame {
    private static final byte FORMAT = 1;
    private static final int HEAD = 1 + Long.BYTES;

    /** Versions are the steps of a sequence that visits every number once, begun anywhere. */
    private static final AtomicLong VERSIONS = new AtomicLong(new SecureRandom().nextLong());

    private static final long STEP = 0x9E3779B97F4A7C15L;

    private Frame() {}

    /** With a new version. */
    static byte[] of(byte[] value) {
        long x = VERSIONS.addAndGet(STEP);
        x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        byte[] frame = new byte[HEAD + value.length];
        ByteBuffer.wrap(frame).put(FORMAT).putLong(x ^ (x >>> 31)).put(value);
        return frame;
    }

    static byte[] version(long version) {
        return ByteBuffer.allocate(Long.BYTES).putLong(version).array();
    }

    /**
     * @param key the key in Redis, for the message
     * @throws CodecException if it is no frame
     */
    static Entry read(String key, byte[] frame) {
        if (frame.length < HEAD || frame[0] != FORMAT) {
            throw new CodecException("The entry " + Names.printable(key) + " of " + frame.length
                    + " bytes is no cache entry of this version; it stays until it is overwritten or removed");
        }
        return new Entry(
                Arrays.copyOfRange(frame, HEAD, frame.length),
                ByteBuffer.wrap(frame, 1, Long.BYTES).getLong());
    }
}
