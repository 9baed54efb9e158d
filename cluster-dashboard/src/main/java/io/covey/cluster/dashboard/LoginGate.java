package io.covey.cluster.dashboard;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Slows those down who guess passwords, without a thread that waits: an attempt that comes too early is refused unchecked. Each
 * address has some wrong attempts free, then waits twice as long each time; all addresses together have some free, then
 * one each two seconds, but for addresses from which somebody came in before. An attempt counts as wrong until it is known to
 * be right, so that many at once count too.
 */
final class LoginGate {
    private static final int FREE = 5;
    private static final int FREE_IN_ALL = 30;
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(5);
    private static final long FIRST = TimeUnit.SECONDS.toNanos(1);
    private static final long REFILL = TimeUnit.SECONDS.toNanos(2);
    private static final long FORGOTTEN = TimeUnit.MINUTES.toNanos(15);
    private static final int MOST_ADDRESSES = 10_000;

    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    /** The one that tried longest ago first. */
    private final Map<String, Tries> addresses = new LinkedHashMap<>();

    private final Map<String, Boolean> known = new LinkedHashMap<>();
    private double left = FREE_IN_ALL;
    private long filled;

    /** What an address has tried. */
    private record Tries(int wrong, long last, long blockedUntil) {}

    LoginGate(LongSupplier nanos) {
        this.nanos = nanos;
        this.filled = nanos.getAsLong();
    }

    /** Empty if the password may be checked now, and counted as wrong for the time being; else how long to wait. */
    Optional<Duration> admit(String address) {
        lock.lock();
        try {
            long now = nanos.getAsLong();
            forget(now);
            left = Math.min(FREE_IN_ALL, left + (double) (now - filled) / REFILL);
            filled = now;
            Tries tries = addresses.getOrDefault(address, new Tries(0, now, now));
            if (tries.blockedUntil - now > 0) {
                return Optional.of(Duration.ofNanos(tries.blockedUntil - now));
            }
            if (left < 1 && !known.containsKey(address)) {
                return Optional.of(Duration.ofNanos((long) ((1 - left) * REFILL)));
            }
            left = Math.max(0, left - 1);
            count(address, tries.wrong + 1, now);
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void count(String address, int wrong, long now) {
        long wait = wrong < FREE ? 0 : Math.min(LONGEST, FIRST << Math.min(wrong - FREE, 20));
        addresses.remove(address);
        if (wrong > 0) {
            addresses.put(address, new Tries(wrong, now, now + wait));
        }
    }

    /** The attempt that was admitted was right, or was not checked. The ones before still count. */
    void uncount(String address, boolean right) {
        lock.lock();
        try {
            long now = nanos.getAsLong();
            left = Math.min(FREE_IN_ALL, left + 1);
            Tries tries = addresses.get(address);
            if (tries != null) {
                count(address, tries.wrong - 1, now);
            }
            if (right) {
                known.put(address, true);
                trim(known);
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(long now) {
        addresses.values().removeIf(tries -> now - tries.last > FORGOTTEN && now - tries.blockedUntil > 0);
        trim(addresses);
    }

    private static void trim(Map<String, ?> map) {
        var eldest = map.keySet().iterator();
        while (map.size() > MOST_ADDRESSES) {
            eldest.next();
            eldest.remove();
        }
    }
}
