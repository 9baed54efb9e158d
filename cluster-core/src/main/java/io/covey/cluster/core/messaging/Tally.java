package io.covey.cluster.core.messaging;

import java.util.concurrent.atomic.LongAdder;

/** Counts what one subscription hears. */
final class Tally {
    final LongAdder received = new LongAdder();
    final LongAdder gaps = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder undecodable = new LongAdder();
    final LongAdder refills = new LongAdder();
}
