package io.covey.cluster.core.messaging;

import io.covey.cluster.SubscriptionStats;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Counts what one subscription hears, or with no whole to be part of, what all of a node do. */
final class Tally {
    private final Optional<Tally> whole;
    private final LongAdder received = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder gaps = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder undecodable = new LongAdder();
    private final LongAdder refills = new LongAdder();

    Tally() {
        this(Optional.empty());
    }

    private Tally(Optional<Tally> whole) {
        this.whole = whole;
    }

    /** One that counts for this, too. */
    Tally part() {
        return new Tally(Optional.of(this));
    }

    void countReceived() {
        received.increment();
        whole.ifPresent(Tally::countReceived);
    }

    void countDropped() {
        dropped.increment();
        whole.ifPresent(Tally::countDropped);
    }

    void countGap() {
        gaps.increment();
        whole.ifPresent(Tally::countGap);
    }

    void countRejected() {
        rejected.increment();
        whole.ifPresent(Tally::countRejected);
    }

    void countUndecodable() {
        undecodable.increment();
        whole.ifPresent(Tally::countUndecodable);
    }

    void countRefill() {
        refills.increment();
        whole.ifPresent(Tally::countRefill);
    }

    SubscriptionStats stats(int waiting) {
        return new SubscriptionStats(received(), dropped(), gaps(), rejected(), undecodable(), refills(), waiting);
    }

    long received() {
        return received.sum();
    }

    long dropped() {
        return dropped.sum();
    }

    long gaps() {
        return gaps.sum();
    }

    long rejected() {
        return rejected.sum();
    }

    long undecodable() {
        return undecodable.sum();
    }

    long refills() {
        return refills.sum();
    }
}
