package io.covey.cluster.tck;

import io.covey.cluster.spi.Transport;

/** A harness whose {@link #open} leads through something that can be broken, such as a {@link FaultProxy}. */
public interface OutageHarness extends TransportHarness {

    /**
     * Connects to the same backend and namespace by a way that is never broken.
     *
     * @return an open transport; whoever called closes it
     */
    Transport openBeside();

    /** Ends all connections at once; none can be made until it is mended. */
    void cut();

    /** Nothing is answered any more although connections stay; what is sent is lost. */
    void silence();

    /** What is sent arrives, but answers are lost; connections stay. */
    void loseAnswers();

    /** Ends all connections at once; new ones can be made. */
    void reset();

    /** The next call that changes something takes effect, but its connection ends instead of its answer. */
    void loseNextAnswer();

    /** Ends every break. Connections that lost bytes are ended, new ones can be made. */
    void mend();
}
