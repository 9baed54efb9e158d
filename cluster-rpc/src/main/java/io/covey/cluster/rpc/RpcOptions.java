package io.covey.cluster.rpc;

/**
 * How a node serves and calls.
 *
 * @param threads how many handlers run at a time, 1 to 4,096
 * @param waiting how many calls wait for a thread, 1 to 1,000,000; beyond that callers are told that the node is busy
 * @param openCalls how many calls of this node may be open, 1 to 1,000,000; beyond that a call fails as busy
 * @param asksForStackTraces whether this node wants to see the stack traces of what its calls fail with
 * @param tellsStackTraces whether this node shows them to callers that want to
 */
public record RpcOptions(
        int threads, int waiting, int openCalls, boolean asksForStackTraces, boolean tellsStackTraces) {
    private static final int MOST_THREADS = 4096;
    private static final int MOST = 1_000_000;

    /** Checks the numbers. */
    public RpcOptions {
        check("threads", threads, MOST_THREADS);
        check("waiting", waiting, MOST);
        check("openCalls", openCalls, MOST);
    }

    private static void check(String what, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException("RPC: " + what + " must be between 1 and " + most + ", was " + value);
        }
    }

    /**
     * 64 threads, 1,024 waiting calls, 10,000 open calls, no stack traces.
     *
     * @return the options that {@link Rpc#on(io.covey.cluster.Cluster)} takes
     */
    public static RpcOptions standard() {
        return new RpcOptions(64, 1024, 10_000, false, false);
    }

    /**
     * Sets how many handlers run at a time.
     *
     * @param most 1 to 4,096
     * @return a copy
     */
    public RpcOptions withThreads(int most) {
        return new RpcOptions(most, waiting, openCalls, asksForStackTraces, tellsStackTraces);
    }

    /**
     * Sets how many calls wait for a thread.
     *
     * @param most 1 to 1,000,000
     * @return a copy
     */
    public RpcOptions withWaiting(int most) {
        return new RpcOptions(threads, most, openCalls, asksForStackTraces, tellsStackTraces);
    }

    /**
     * Sets how many calls of this node may be open.
     *
     * @param most 1 to 1,000,000
     * @return a copy
     */
    public RpcOptions withOpenCalls(int most) {
        return new RpcOptions(threads, waiting, most, asksForStackTraces, tellsStackTraces);
    }

    /**
     * Sets who sees stack traces: a failure shows one if the caller's node asks and the callee's node tells.
     *
     * @param asks whether this node wants to see those of others
     * @param tells whether this node shows its own
     * @return a copy
     */
    public RpcOptions withStackTraces(boolean asks, boolean tells) {
        return new RpcOptions(threads, waiting, openCalls, asks, tells);
    }
}
