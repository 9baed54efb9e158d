package io.covey.cluster.rpc.connections;

import java.util.Map;

/** A connection that this node holds. Thread-safe. */
public interface Connection extends AutoCloseable {

    /**
     * Which one.
     *
     * @return the id it was opened with
     */
    String id();

    /**
     * What others may know of it.
     *
     * @return as last set here
     */
    Map<String, String> metadata();

    /**
     * Says something else of it from now on.
     *
     * @param metadata what others may know of it
     * @throws IllegalStateException if it is closed; also if another node has opened one of the same id, which closes this one
     * @throws io.covey.cluster.TransportException if the backend does not answer; then the metadata before stay
     */
    void update(Map<String, String> metadata);

    /**
     * Whether it is open.
     *
     * @return false after {@link #close}, or when one of the same id was opened here, or elsewhere and this node has heard of it
     */
    boolean isOpen();

    /** Ends it: nobody finds it any more. What its verbs are doing ends by itself. Never throws; twice is fine. */
    @Override
    void close();
}
