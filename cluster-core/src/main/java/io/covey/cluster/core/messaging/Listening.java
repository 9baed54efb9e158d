package io.covey.cluster.core.messaging;

import io.covey.cluster.Backlog;

/**
 * How a subscriber hears.
 *
 * @param backlog the queue before it
 * @param nonBlocking whether it never blocks, and may be called where the transport calls
 */
record Listening(Backlog backlog, boolean nonBlocking) {
    /** Between nodes there is more at once, and nobody to set a limit. */
    static final Listening SECURED = new Listening(Backlog.DEFAULT.bytes(64L << 20), false);

    static final Listening DEFAULT = new Listening(Backlog.DEFAULT, false);

    Listening with(Backlog other) {
        return new Listening(other, nonBlocking);
    }

    Listening nonBlocking(boolean declared) {
        return new Listening(backlog, declared);
    }
}
