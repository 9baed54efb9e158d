package io.covey.cluster;

/** What happens to a message that finds the queue of a slow subscriber full. It is counted in every case. */
public enum Overflow {
    /** The oldest that wait make room, and the subscriber hears of the gap before the next. */
    DROP_OLDEST,
    /** It is dropped itself, and the subscriber hears of the gap after those that wait. */
    DROP_NEWEST,
    /** The subscription ends: what waits is still heard, then {@link Topic.Listener#onEnd}, then nothing more. */
    END
}
