package io.covey.cluster.redis;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what came over actionhero's channel and what became of it; of what goes wrong one line a second is logged. */
final class ActionheroTally {
    private static final Logger LOG = LoggerFactory.getLogger(ActionheroTally.class);
    private static final long BETWEEN_LINES = 1_000_000_000L;

    /** What became of a message. */
    enum Kind {
        HEARD,
        SERVED,
        REFUSED,
        FAILED,
        FOREIGN,
        MALFORMED,
        OVERFLOWED
    }

    private final String channel;
    private final Map<Kind, LongAdder> counts = new EnumMap<>(Kind.class);
    private final Map<Kind, AtomicLong> lines = new EnumMap<>(Kind.class);

    ActionheroTally(String channel) {
        this.channel = channel;
        for (Kind kind : Kind.values()) {
            counts.put(kind, new LongAdder());
            lines.put(kind, new AtomicLong(System.nanoTime() - BETWEEN_LINES));
        }
    }

    void count(Kind kind) {
        counts.get(kind).increment();
    }

    /**
     * @param reason one line without secrets
     */
    void count(Kind kind, String reason) {
        count(kind);
        if (mayLog(kind)) {
            LOG.warn("A message on actionhero's channel {} was dropped: {} ({} so far)", channel, reason, of(kind));
        }
    }

    /** Once a second. */
    boolean mayLog(Kind kind) {
        AtomicLong line = lines.get(kind);
        long last = line.get();
        long now = System.nanoTime();
        return now - last >= BETWEEN_LINES && line.compareAndSet(last, now);
    }

    long of(Kind kind) {
        return counts.get(kind).sum();
    }
}
