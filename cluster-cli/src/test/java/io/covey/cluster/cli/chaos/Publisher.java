package io.covey.cluster.cli.chaos;

import io.covey.cluster.ClusterException;
import io.covey.cluster.Topic;
import java.util.concurrent.atomic.AtomicInteger;

/** Publishes the numbers from 1 on, until it is ended. A publication that fails counts as well: it may have arrived. */
final class Publisher {
    private final Topic<Long> news;
    private final Thread thread;
    private final AtomicInteger refused = new AtomicInteger();
    private volatile long last;
    private volatile boolean ended;

    Publisher(Topic<Long> news, long pauseMillis) {
        this.news = news;
        thread = new Thread(() -> run(pauseMillis), "chaos-publisher");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(long pauseMillis) {
        try {
            while (!ended) {
                publish();
                Thread.sleep(pauseMillis);
            }
        } catch (InterruptedException e) {
            // Ended.
        }
    }

    private void publish() {
        long number = last + 1;
        last = number;
        try {
            news.publish(number);
        } catch (ClusterException e) {
            refused.incrementAndGet();
        }
    }

    /** The number published last. */
    long last() {
        return last;
    }

    int refused() {
        return refused.get();
    }

    void end() throws InterruptedException {
        ended = true;
        thread.join();
    }
}
