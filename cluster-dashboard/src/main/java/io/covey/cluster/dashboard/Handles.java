package io.covey.cluster.dashboard;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Short words for things that a page has shown and that somebody may want to change: what they are really called may be long or
 * strange, and never leaves the server. Those shown longest ago are forgotten first.
 */
final class Handles {
    private static final int MOST = 20_000;
    private static final long MOST_WEIGHT = 32L << 20;
    private static final int LENGTH = 22;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Held> things = new LinkedHashMap<>();
    private final byte[] salt = Secrets.bytes(Secrets.token());
    private long weight;

    private record Held(Object thing, long weight) {}

    /**
     * @param identity the same for the same thing, another for each other of its kind
     */
    String of(Object thing, byte[]... identity) {
        byte[][] parts = new byte[identity.length + 2][];
        parts[0] = salt;
        parts[1] = Secrets.bytes(thing.getClass().getName());
        System.arraycopy(identity, 0, parts, 2, identity.length);
        String word = Secrets.digest(parts).substring(0, LENGTH);
        long heavy = 100;
        for (byte[] part : identity) {
            heavy += 2L * part.length;
        }
        lock.lock();
        try {
            Held before = things.remove(word);
            weight += heavy - (before == null ? 0 : before.weight);
            things.put(word, new Held(thing, heavy));
            Iterator<Held> eldest = things.values().iterator();
            while ((things.size() > MOST || weight > MOST_WEIGHT) && things.size() > 1) {
                weight -= eldest.next().weight;
                eldest.remove();
            }
            return word;
        } finally {
            lock.unlock();
        }
    }

    <T> T find(String word, Class<T> type) {
        lock.lock();
        try {
            return Optional.ofNullable(things.get(word))
                    .map(Held::thing)
                    .filter(type::isInstance)
                    .map(type::cast)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "That was shown too long ago; load the list again and choose once more"));
        } finally {
            lock.unlock();
        }
    }
}
