package io.covey.cluster.rpc;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/** Ids that nobody can guess, drawn many at a time: the source of randomness costs more than the numbers. */
final class CallIds {
    private static final int BYTES = 16 * 256;

    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();
    private final byte[] bytes = new byte[BYTES];
    private ByteBuffer left = ByteBuffer.wrap(bytes).position(BYTES);

    UUID next() {
        lock.lock();
        try {
            if (!left.hasRemaining()) {
                random.nextBytes(bytes);
                left = ByteBuffer.wrap(bytes);
            }
            return new UUID(left.getLong(), left.getLong());
        } finally {
            lock.unlock();
        }
    }
}
