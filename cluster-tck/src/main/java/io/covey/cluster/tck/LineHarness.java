package io.covey.cluster.tck;

import io.covey.cluster.spi.Transport;

/** A harness whose {@link #open} leads to the backend by a line that can be cut. */
public interface LineHarness extends TransportHarness {

    /**
     * Connects to the same backend and namespace by a way that is never broken.
     *
     * @return an open transport; whoever called closes it
     */
    Transport openBeside();

    /** Ends all connections at once; none can be made until it is mended. */
    void cut();

    /** Ends every break. Connections that lost bytes are ended, new ones can be made. */
    void mend();

    /**
     * Has the backend refuse subscriptions to one channel from now on and end those that there are.
     *
     * @param channel a channel, no pattern
     * @return false if the backend cannot be brought to it; tests that need it are skipped then
     */
    boolean refuse(String channel);
}
