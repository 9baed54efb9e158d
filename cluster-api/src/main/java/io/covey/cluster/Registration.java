package io.covey.cluster;

/** Something that was started or registered and can be ended. */
@FunctionalInterface
public interface Registration extends AutoCloseable {

    /** Ends it. After the return no further call is started; twice is fine. Never throws. */
    @Override
    void close();
}
