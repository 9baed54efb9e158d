package io.covey.cluster.micrometer;

import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/** Which attempts are observed. Asked for each of them: that one is not must cost next to nothing. */
@FunctionalInterface
interface Observed {

    /** Whether one of a task with these headers is. */
    boolean has(Map<String, String> headers);

    /** At random, and those whose enqueue was sampled. */
    static Observed part(double probability) {
        if (probability >= 1) {
            return headers -> true;
        }
        return headers -> ThreadLocalRandom.current().nextDouble() < probability || enqueueSampled(headers);
    }

    /** So many a second, and as many again of those whose enqueue was sampled. */
    static Observed atMost(int perSecond) {
        return atMost(perSecond, System::nanoTime);
    }

    static Observed atMost(int perSecond, LongSupplier nanos) {
        RateLimit any = new RateLimit(perSecond, nanos);
        RateLimit sampled = new RateLimit(perSecond, nanos);
        return headers -> any.take() || enqueueSampled(headers) && sampled.take();
    }

    private static boolean enqueueSampled(Map<String, String> headers) {
        return !headers.isEmpty() && TraceParent.isSampled(headers.get(TraceParent.HEADER));
    }
}
