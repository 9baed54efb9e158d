package io.covey.cluster.micrometer;

import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Which attempts are observed. Asked for each of them: that one is not must cost next to nothing. */
@FunctionalInterface
interface Observed {

    /** Whether one of a task with these headers is that starts at that time, by {@link System#nanoTime()}. */
    boolean has(Map<String, String> headers, long nanos);

    /** At random, and those whose enqueue was sampled. */
    static Observed part(double probability) {
        if (probability >= 1) {
            return (headers, nanos) -> true;
        }
        return (headers, nanos) -> ThreadLocalRandom.current().nextDouble() < probability || enqueueSampled(headers);
    }

    /** So many a second, and as many again of those whose enqueue was sampled. */
    static Observed atMost(int perSecond) {
        return atMost(perSecond, System.nanoTime());
    }

    static Observed atMost(int perSecond, long now) {
        RateLimit any = new RateLimit(perSecond, now);
        RateLimit sampled = new RateLimit(perSecond, now);
        return (headers, nanos) -> any.take(nanos) || enqueueSampled(headers) && sampled.take(nanos);
    }

    private static boolean enqueueSampled(Map<String, String> headers) {
        return !headers.isEmpty() && TraceParent.isSampled(headers.get(TraceParent.HEADER));
    }
}
