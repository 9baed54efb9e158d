package io.covey.cluster.tasks;

import java.util.concurrent.atomic.LongAdder;

/** What a worker has done since its start. */
record Tally(
        LongAdder processed,
        LongAdder failed,
        LongAdder retried,
        LongAdder released,
        LongAdder lost,
        LongAdder refused,
        LongAdder discarded,
        LongAdder cancelled) {

    Tally() {
        this(
                new LongAdder(),
                new LongAdder(),
                new LongAdder(),
                new LongAdder(),
                new LongAdder(),
                new LongAdder(),
                new LongAdder(),
                new LongAdder());
    }
}
