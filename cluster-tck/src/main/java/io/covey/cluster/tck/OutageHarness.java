package io.covey.cluster.tck;

/** A harness whose {@link #open} leads through something that can be broken in many ways, such as a {@link FaultProxy}. */
public interface OutageHarness extends LineHarness {

    /** Nothing is answered any more although connections stay; what is sent is lost. */
    void silence();

    /** What is sent arrives, but answers are lost; connections stay. */
    void loseAnswers();

    /** Ends all connections at once; new ones can be made. */
    void reset();

    /** The next call that changes something takes effect, but its connection ends instead of its answer. */
    void loseNextAnswer();
}
