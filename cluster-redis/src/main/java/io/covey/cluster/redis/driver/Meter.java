package io.covey.cluster.redis.driver;

import io.covey.cluster.spi.Transport.Traffic;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the connections of one driver do. For all threads. */
final class Meter {
    private final LongAdder commands = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder waited = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder connects = new LongAdder();

    void connected() {
        connects.increment();
    }

    /** A round trip of some commands that took that long. */
    void answered(int size, long nanos) {
        commands.add(size);
        answered.increment();
        waited.add(nanos);
    }

    /** A round trip of some commands that came to nothing. */
    void failed(int size) {
        commands.add(size);
        failed.increment();
    }

    Traffic now() {
        return new Traffic(
                commands.sum(),
                answered.sum() + failed.sum(),
                failed.sum(),
                Duration.ofNanos(waited.sum()),
                connects.sum());
    }
}
