package io.covey.cluster;

import java.time.Duration;
import java.time.InstantSource;

/**
 * The time as the backend tells it, so that nodes with wrong clocks agree. It is asked for when the node joins and twice
 * a minute from then on; in between a clock of this machine goes on that nobody sets. So it is right at once when a
 * process that was stopped goes on; one whose whole machine was suspended is behind until it has asked again. It may go
 * back, by less than {@link #error} if the backend's clock was not set. Thread-safe; never blocks.
 */
public interface ClusterClock extends InstantSource {

    /**
     * How far the backend's clock is ahead of this machine's.
     *
     * @return negative if it is behind
     */
    Duration offset();

    /**
     * How far this clock may be from the backend's: half of the round trip that asked for the time, and what two clocks may
     * have drifted apart since.
     *
     * @return not negative
     */
    Duration error();
}
