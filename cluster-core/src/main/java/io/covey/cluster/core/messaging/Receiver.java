package io.covey.cluster.core.messaging;

import io.covey.cluster.Gap;
import io.covey.cluster.core.wire.Envelope;

/** Who hears of checked envelopes, one call at a time. */
interface Receiver {

    /** Whether messages of a channel are for this receiver at all. Called on the transport's thread. */
    boolean wants(String channel);

    void onMessage(Envelope.Builder envelope);

    void onGap(Gap gap);
}
