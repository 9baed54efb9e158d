package io.covey.cluster.core.messaging;

import io.covey.cluster.Gap;
import io.covey.cluster.Position;
import java.util.Optional;

/** Who hears of checked envelopes, one call at a time. */
interface Receiver {

    /** Whether messages of a channel are for this receiver at all. Called on the transport's thread. */
    boolean wants(String channel);

    /**
     * Reads what is inside.
     *
     * @param position its place in the history, if it has one
     * @return hands it to the subscriber
     * @throws io.covey.cluster.CodecException if it cannot be read
     */
    Runnable open(Arrival arrival, Optional<Position> position);

    void onGap(Gap gap);

    /** Whether, on a channel heard with its history, it is told that messages without one may be missing. */
    boolean missesUnkept();

    /** The subscription has ended by itself. */
    void onEnd(String reason);
}
