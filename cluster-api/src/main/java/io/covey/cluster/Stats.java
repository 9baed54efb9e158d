package io.covey.cluster;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Counters shared by all nodes: integers of 64 bits. Increments are collected in memory and written together, once a
 * second and at close, so that counting costs nothing; a process that is killed loses at most the last second. A write
 * whose answer got lost is repeated and counts once.
 *
 * <p>A counter's name is 1 to 200 characters without control characters; others are refused with
 * {@link IllegalArgumentException}. A node remembers only names that it has counted under since the write before last.
 */
public interface Stats {

    /**
     * Adds to a counter. Does not block.
     *
     * @param counter its name
     * @param delta how much, negative to subtract; all that one node adds between two writes must fit into 64 bits
     */
    void add(String counter, long delta);

    /**
     * Reads all counters of this namespace as written so far, as one snapshot.
     *
     * @return name to value
     * @throws CodecException naming the counter, if somebody else wrote one that is not an integer
     * @throws TransportException if the backend does not answer
     */
    Map<String, Long> read();

    /**
     * Reads some counters as written so far, as one snapshot, in one round trip.
     *
     * @param counters their names
     * @return name to value, without those that were never counted
     * @throws CodecException naming the counter, if somebody else wrote one that is not an integer
     * @throws TransportException if the backend does not answer
     */
    Map<String, Long> read(Collection<String> counters);

    /**
     * Reads a counter as written so far.
     *
     * @param counter its name
     * @return its value, 0 if it was never counted
     * @throws CodecException if somebody else wrote it and it is not an integer
     * @throws TransportException if the backend does not answer
     */
    default long read(String counter) {
        return read(List.of(counter)).getOrDefault(counter, 0L);
    }

    /**
     * Forgets counters, so that they begin at 0 again. What nodes have collected of them and not written yet is added
     * afterwards; what this node has is written first.
     *
     * @param counters their names
     * @return how many of them there were
     * @throws TransportException if the backend does not answer
     */
    long remove(Collection<String> counters);

    /**
     * Writes what was collected, now.
     *
     * @throws RefusedException naming the counter, if one cannot be added to: because it would leave 64 bits, or
     *     somebody else wrote it and it is not an integer. The others are written; what was collected of it is kept and
     *     tried again
     * @throws TransportException if the backend does not answer; what was collected is kept and written later
     */
    void flush();
}
