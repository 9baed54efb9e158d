package io.covey.cluster.supervisor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a supervisor was told; checked. */
record Settings(
        String name,
        List<String> command,
        Map<String, String> environment,
        boolean watching,
        boolean java,
        int workers,
        Readiness readiness,
        Times times,
        int crashLimit,
        OptionalLong memory,
        LogSink log,
        @Nullable Path pidFile,
        String notifier,
        Map<String, String> serviceEnvironment,
        Consumer<SupervisorEvent> listener) {

    /**
     * Limits of time.
     *
     * @param start until a process is ready
     * @param drain until a process that was asked to end has done so by itself
     * @param grace until one that has not is killed
     * @param silence without a sign of life
     * @param backoff before the first start after a failure
     * @param longestBackoff before any start after failures
     * @param stable a process that was ready for so long did not fail at its start
     */
    record Times(
            Duration start,
            Duration drain,
            Duration grace,
            Duration silence,
            Duration backoff,
            Duration longestBackoff,
            Duration stable) {}

    /** The program ends by itself in the drain time; whoever does not is killed a little later. */
    Duration killAfter() {
        return times.drain.plus(times.grace);
    }
}
