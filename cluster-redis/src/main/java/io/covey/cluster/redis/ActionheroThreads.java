package io.covey.cluster.redis;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of a bridge; those that have nothing to do end. */
final class ActionheroThreads {
    private static final Logger LOG = LoggerFactory.getLogger(ActionheroThreads.class);
    static final int CALLS = 8;
    static final int WAITING_CALLS = 1000;
    private static final int ANSWERS = 2;

    /** Reads messages, one after the other; runs nothing of the user's. */
    private final ThreadPoolExecutor reader;

    /** Runs what others call; refuses what is too much. */
    private final ThreadPoolExecutor calls;

    /** Tells the listeners, in order. */
    private final ThreadPoolExecutor chat;

    /** Completes the calls of ours. */
    private final ThreadPoolExecutor answers;

    ActionheroThreads(String node) {
        this.reader = pool(node, "read", 1, Integer.MAX_VALUE);
        this.calls = pool(node, "call", CALLS, WAITING_CALLS);
        this.chat = pool(node, "chat", 1, Integer.MAX_VALUE);
        this.answers = pool(node, "answer", ANSWERS, Integer.MAX_VALUE);
    }

    private static ThreadPoolExecutor pool(String node, String role, int threads, int waiting) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(waiting), task -> {
                    Thread thread =
                            new Thread(task, "covey-" + node + "-actionhero-" + role + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    ExecutorService reader() {
        return reader;
    }

    ExecutorService calls() {
        return calls;
    }

    ExecutorService chat() {
        return chat;
    }

    ExecutorService answers() {
        return answers;
    }

    /** No more is read; what is being run may end. */
    void drain(long deadline) {
        reader.shutdownNow();
        end(reader, deadline, "readers of actionhero's channel");
        end(calls, deadline, "calls of actionhero's");
    }

    void close(long deadline) {
        end(chat, deadline, "listeners to actionhero's rooms");
        List<Runnable> left = end(answers, deadline, "callbacks of actionhero's bridge");
        if (!left.isEmpty()) { // somebody may wait for each of them
            answers.getThreadFactory()
                    .newThread(() -> left.forEach(Runnable::run))
                    .start();
        }
    }

    /**
     * @return what was not begun
     */
    private static List<Runnable> end(ThreadPoolExecutor pool, long deadline, String what) {
        pool.shutdown();
        try {
            if (pool.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return List.of();
            }
            if (pool.getActiveCount() > 0) {
                LOG.warn("{} {} did not end in the drain time and were interrupted", pool.getActiveCount(), what);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return pool.shutdownNow();
    }
}
