package io.covey.cluster.core.local;

import io.covey.cluster.spi.QueueSettings;

/** The settings of a queue, and how much of its limits is used. Guarded by its queue. */
final class Limits {
    /** How long a worker need not ask again where nobody can know when the limit ends. */
    static final long UNKNOWN_MILLIS = 1_000;

    private final Gcra starts = new Gcra();
    private QueueSettings settings = QueueSettings.defaults();
    private int leased;

    QueueSettings settings() {
        return settings;
    }

    /** Whether the end of a task may let another start. */
    boolean areSet() {
        return settings.concurrency().isPresent() || settings.keyConcurrency().isPresent();
    }

    void set(QueueSettings changed, long now) {
        settings = changed;
        settings.rate().ifPresent(rate -> starts.change(rate, now));
    }

    /** How many more may start now, at most those wanted. */
    int room(int wanted, long now) {
        if (settings.paused()) {
            return 0;
        }
        long room = Math.min(wanted, slots());
        if (settings.rate().isPresent()) {
            room = Math.min(room, starts.free(settings.rate().get(), now));
        }
        return (int) room;
    }

    /** Whether the concurrency leaves room for one more that already runs. */
    boolean hasSlot() {
        return slots() > 0;
    }

    private long slots() {
        return settings.concurrency().map(most -> Math.max(0, most - leased)).orElse(Integer.MAX_VALUE);
    }

    /** How long nothing may start; 0 if something may. */
    long pauseMillis(long now) {
        if (settings.paused() || !hasSlot()) {
            return UNKNOWN_MILLIS;
        }
        return settings.rate().map(rate -> starts.waitMillis(rate, now)).orElse(0L);
    }

    void charge(int started, long now) {
        settings.rate().ifPresent(rate -> starts.charge(rate, now, started));
    }

    void leased() {
        leased++;
    }

    void freed() {
        leased--;
    }
}
