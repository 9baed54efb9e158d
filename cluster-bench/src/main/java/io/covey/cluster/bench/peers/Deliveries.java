package io.covey.cluster.bench.peers;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What subscribers hear. A message that begins with a number says when it was sent; the clock is that of the machine. */
final class Deliveries {
    private static final int PATIENCE_SECONDS = 30;

    /** One count of messages to come. */
    private static final class Count {
        final long[] took;
        final AtomicInteger heard = new AtomicInteger();
        final CountDownLatch all = new CountDownLatch(1);
        volatile long last;

        Count(int messages) {
            took = new long[messages];
        }
    }

    private volatile Count count = new Count(0);

    void expect(int messages) {
        count = new Count(messages);
    }

    void take(String message) {
        Count mine = count;
        int at = mine.heard.getAndIncrement();
        if (at >= mine.took.length) {
            return;
        }
        if (Character.isDigit(message.charAt(0))) {
            mine.took[at] = System.nanoTime() - Long.parseLong(message.trim());
        }
        if (at == mine.took.length - 1) {
            mine.last = System.nanoTime();
            mine.all.countDown();
        }
    }

    /** @return when the last came, and how long the median and the 99th percentile were under way */
    String await() throws InterruptedException {
        Count mine = count;
        if (!mine.all.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    mine.took.length - mine.heard.get() + " of " + mine.took.length + " messages did not come");
        }
        // The last is noted by one thread, and another may still be writing its own.
        long[] took = mine.took.clone();
        Arrays.sort(took);
        return mine.last + " " + took[took.length / 2] + " " + took[took.length * 99 / 100];
    }
}
