package io.covey.cluster.tck;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** What a {@link FaultProxy} does to the bytes that pass. */
record FaultMode(
        boolean holds,
        boolean dropsRequests,
        boolean dropsResponses,
        Duration latency,
        Duration jitter,
        int piece,
        Duration pause) {
    static final FaultMode PASS = dropping(false, false);
    static final FaultMode HOLD =
            new FaultMode(true, false, false, Duration.ZERO, Duration.ZERO, Integer.MAX_VALUE, Duration.ZERO);

    static FaultMode dropping(boolean requests, boolean responses) {
        return new FaultMode(
                false, requests, responses, Duration.ZERO, Duration.ZERO, Integer.MAX_VALUE, Duration.ZERO);
    }

    static FaultMode slow(Duration latency, Duration jitter) {
        return new FaultMode(false, false, false, latency, jitter, Integer.MAX_VALUE, Duration.ZERO);
    }

    static FaultMode slices(int bytes, Duration pause) {
        return new FaultMode(false, false, false, Duration.ZERO, Duration.ZERO, bytes, pause);
    }

    boolean drops(boolean request) {
        return request ? dropsRequests : dropsResponses;
    }

    long delayNanos() {
        return latency.toNanos()
                + (jitter.isZero() ? 0 : ThreadLocalRandom.current().nextLong(jitter.toNanos()));
    }
}
