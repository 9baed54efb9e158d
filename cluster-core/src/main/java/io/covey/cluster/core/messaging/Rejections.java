package io.covey.cluster.core.messaging;

import io.covey.cluster.Rejection;
import io.covey.cluster.spi.Names;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what was not let in, and says so once in a while for each reason, never with the content. */
final class Rejections {
    private static final Logger LOG = LoggerFactory.getLogger(Rejections.class);
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanos;
    private final Map<Rejection, LongAdder> counts = new EnumMap<>(Rejection.class);
    private final Map<Rejection, AtomicLong> quietUntil = new EnumMap<>(Rejection.class);

    Rejections(LongSupplier nanos) {
        this.nanos = nanos;
        for (Rejection reason : Rejection.values()) {
            counts.put(reason, new LongAdder());
            quietUntil.put(reason, new AtomicLong(nanos.getAsLong()));
        }
    }

    void count(Rejection reason, String channel) {
        LongAdder counter = counts.get(reason);
        counter.increment();
        AtomicLong quiet = quietUntil.get(reason);
        long now = nanos.getAsLong();
        long until = quiet.get();
        if (now - until >= 0 && quiet.compareAndSet(until, now + PAUSE)) {
            LOG.atWarn()
                    .addKeyValue("event", "message.rejected")
                    .log(
                            "Dropped a message on channel {}: {} ({} dropped for this reason so far)",
                            Names.printable(channel),
                            reason.reason(),
                            counter.sum());
        }
    }

    Map<Rejection, Long> counts() {
        Map<Rejection, Long> sums = new EnumMap<>(Rejection.class);
        counts.forEach((reason, count) -> sums.put(reason, count.sum()));
        return sums;
    }
}
