package io.covey.cluster.supervisor;

import java.io.OutputStream;

/**
 * Takes what the processes of a {@link Supervisor} print. Called on a thread of each stream, so by several at once. A call that
 * blocks holds up the process whose line it is, once the pipe to it is full; never the supervisor. What a call throws is logged,
 * and costs its line alone.
 */
@FunctionalInterface
public interface LogSink {

    /**
     * Takes a line.
     *
     * @param child the name of the process
     * @param error whether it was printed on standard error
     * @param line its bytes without the end of line; the array is the callee's. A line of more than 64 KiB comes in pieces
     */
    void line(String child, boolean error, byte[] line);

    /**
     * Writes each line in one piece, with the name of the process before it. There is one lock for both streams, so that one
     * that blocks holds up all processes that print.
     *
     * @param out where standard output goes
     * @param error where standard error goes; may be the same
     * @return a sink that never tears a line
     */
    static LogSink to(OutputStream out, OutputStream error) {
        return new PrefixedLines(out, error);
    }
}
