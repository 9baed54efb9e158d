package io.covey.cluster.redis.embedded;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for what a set of servers agrees on among itself. */
final class Patience {
    private static final long STEP_MILLIS = 20;

    private Patience() {}

    /** A question to servers of which some may be down. */
    interface Question {
        boolean answer() throws Exception;
    }

    /**
     * Asks until the answer is yes; an exception counts as no.
     *
     * @param what completes the sentence "… within 10 s"
     */
    static void await(String what, Duration limit, Question question) {
        long deadline = System.nanoTime() + limit.toNanos();
        Exception last = null;
        while (true) {
            try {
                if (question.answer()) {
                    return;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            if (System.nanoTime() > deadline) {
                String reason = last == null ? "" : ": " + last.getMessage();
                throw new IllegalStateException(what + " within " + limit.toSeconds() + " s" + reason, last);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted; " + what + " so far", e);
            }
        }
    }
}
