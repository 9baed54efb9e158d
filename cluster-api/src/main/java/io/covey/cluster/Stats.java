package io.covey.cluster;

import java.util.Map;

/**
 * Counters shared by all nodes. Increments are collected in memory and written together, once a second and at close, so
 * that counting costs nothing; a process that is killed loses at most the last second.
 */
public interface Stats {

    /**
     * Adds to a counter. Does not block.
     *
     * @param counter its name, at most 200 characters
     * @param delta how much, negative to subtract
     */
    void add(String counter, long delta);

    /**
     * Reads all counters of this namespace as written so far.
     *
     * @return name to value
     * @throws TransportException if the backend does not answer
     */
    Map<String, Long> read();

    /**
     * Writes what was collected, now.
     *
     * @throws TransportException if the backend does not answer; what was collected is kept and written later
     */
    void flush();
}
