package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.redis.driver.HashSlots;
import io.covey.cluster.redis.driver.RedisCommand;
import io.covey.cluster.redis.driver.RedisError;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that a server refuses for now, why, and what becomes of the calls; and once that it is over. */
final class Waits {
    private static final Logger LOG = LoggerFactory.getLogger(Redis.class);
    /** Calls that were refused shortly before the end hear of it shortly after. */
    private static final long ECHO = TimeUnit.SECONDS.toNanos(1);

    private static final long FORGOTTEN = TimeUnit.SECONDS.toNanos(10);

    private final String name;
    private final boolean cluster;
    private final long timeoutMillis;
    private final Consumer<String> begin;
    private final Consumer<String> end;
    private final Map<String, Wait> waits = new ConcurrentHashMap<>();

    /**
     * @param name of the server or servers, without secrets
     * @param cluster whether slots have servers of their own
     * @param timeout how long a call waits
     */
    Waits(String name, boolean cluster, Duration timeout) {
        this(name, cluster, timeout, LOG::warn, LOG::info);
    }

    Waits(String name, boolean cluster, Duration timeout, Consumer<String> begin, Consumer<String> end) {
        this.name = name;
        this.cluster = cluster;
        this.timeoutMillis = timeout.toMillis();
        this.begin = begin;
        this.end = end;
    }

    String name() {
        return name;
    }

    /** A call was refused for now and will be repeated. */
    Wait refused(RedisCommand command, RedisError error) {
        String key = command.key() == RedisCommand.NO_KEY
                ? ""
                : new String(command.args().get(command.key()), UTF_8);
        String place = cluster && !key.isEmpty() ? name + ", slot " + HashSlots.of(key) : name;
        Wait wait = waits.computeIfAbsent(Refusal.code(error) + " of " + place, what -> new Wait(place));
        wait.refused(key, error);
        return wait;
    }

    /** One reason to wait, at one place. */
    final class Wait {
        private final String place;
        private final ReentrantLock lock = new ReentrantLock();
        private boolean open;
        private boolean told;
        private long began;
        private long last;
        private String code = "";

        private Wait(String place) {
            this.place = place;
        }

        private void refused(String key, RedisError error) {
            lock.lock();
            try {
                long now = System.nanoTime();
                if (!told || now - last > (open ? FORGOTTEN : ECHO)) {
                    began = now;
                    code = Refusal.code(error);
                    begin.accept(place + " refuses for now: " + Refusal.explained(error) + ". Calls"
                            + (key.isEmpty() ? "" : " such as that for " + key)
                            + " wait and are repeated, each for up to " + timeoutMillis + " ms");
                }
                told = true;
                open = true;
                last = now;
            } finally {
                lock.unlock();
            }
        }

        /** A call that waited was executed. */
        void over() {
            lock.lock();
            try {
                if (open) {
                    open = false;
                    long lasted = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                    end.accept(place + " goes on, " + code + " lasted " + lasted + " ms");
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
