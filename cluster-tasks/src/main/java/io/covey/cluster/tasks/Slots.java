package io.covey.cluster.tasks;

/** How many tasks run at once: more while work waits and what runs leaves the processors idle, fewer when there is none. */
final class Slots {
    private static final double BUSY = 0.75;
    private static final double GROWTH = 1.5;
    private static final int IDLE_TICKS = 10;

    private final int least;
    private final int most;
    private volatile int now;
    private int idle;

    Slots(int least, int most) {
        this.least = least;
        this.most = most;
        this.now = least;
    }

    /** For all threads. */
    int now() {
        return now;
    }

    boolean fixed() {
        return least == most;
    }

    /**
     * A few times a second, on one thread.
     *
     * @param running how many run
     * @param waits whether more could
     * @param load of the processors by this process, 0 to 1, negative if nobody knows
     * @return whether there are more now
     */
    boolean adjust(int running, boolean waits, double load) {
        if (waits && running >= now) {
            idle = 0;
            if (now < most && load < BUSY) {
                now = Math.min(most, Math.max(now + 1, (int) (now * GROWTH)));
                return true;
            }
        } else if (running * 2 <= now && now > least) {
            if (++idle >= IDLE_TICKS) {
                idle = 0;
                now = Math.max(Math.max(least, running), (int) (now / GROWTH));
            }
        } else {
            idle = 0;
        }
        return false;
    }
}
