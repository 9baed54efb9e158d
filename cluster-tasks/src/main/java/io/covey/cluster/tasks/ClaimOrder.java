package io.covey.cluster.tasks;

import io.covey.cluster.spi.TaskBroker;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Divides the free slots among the queues. */
interface ClaimOrder {
    /** An answer that has not come by then may take its time. */
    long SOON = Duration.ofMillis(100).toNanos();

    /**
     * Sets the budget of each queue.
     *
     * @return whether any has one
     */
    boolean divide(List<WorkedQueue> queues, int free, long now);

    static ClaimOrder of(QueueChoice choice) {
        return choice.byWeight() ? ClaimOrder::byWeight : ClaimOrder::inOrder;
    }

    /** All to the first that may have work, what that cannot fill to the next. */
    private static boolean inOrder(List<WorkedQueue> queues, int free, long now) {
        int left = free;
        for (WorkedQueue queue : queues) {
            int given = 0;
            if (left > 0 && queue.outstanding() == null) {
                given = queue.mayHaveWork(now)
                        ? (int) Math.min(Math.min(left, TaskBroker.MOST), queue.expected())
                        : queue.toFree(left);
            }
            queue.share().budget(given);
            left -= given;
        }
        return left < free;
    }

    /** One after the other to who is most behind its share. */
    private static boolean byWeight(List<WorkedQueue> queues, int free, long now) {
        activate(queues, now);
        int left = free;
        for (WorkedQueue queue : queues) {
            queue.share().budget(0);
            int freed = queue.outstanding() != null || queue.mayHaveWork(now) ? 0 : queue.toFree(left);
            for (int i = 0; i < freed; i++) {
                queue.share().give();
            }
            left -= freed;
        }
        while (left > 0) {
            WorkedQueue next = mostBehind(queues, now);
            if (next == null) {
                break;
            }
            next.share().give();
            left--;
        }
        return left < free;
    }

    private static void activate(List<WorkedQueue> queues, long now) {
        double least = Double.MAX_VALUE;
        for (WorkedQueue queue : queues) {
            if (queue.share().isActive() && queue.mayHaveWork(now)) {
                least = Math.min(least, queue.share().got());
            }
        }
        for (WorkedQueue queue : queues) {
            if (queue.outstanding() == null) {
                queue.share().active(queue.mayHaveWork(now), least);
            }
        }
    }

    /** Nobody while who is most behind has yet to answer: those that are asked less often would get ahead of it. */
    private static @Nullable WorkedQueue mostBehind(List<WorkedQueue> queues, long now) {
        WorkedQueue most = null;
        for (WorkedQueue queue : queues) {
            boolean counts = queue.outstanding() == null
                    ? queue.mayHaveWork(now) && queue.share().budget() < Math.min(TaskBroker.MOST, queue.expected())
                    : answersSoon(queue.outstanding(), now);
            if (counts && (most == null || queue.share().got() < most.share().got())) {
                most = queue;
            }
        }
        return most == null || most.outstanding() != null ? null : most;
    }

    /** One that cannot be served keeps no other waiting. */
    private static boolean answersSoon(Part asked, long now) {
        return asked.turn.limit() > 0 && asked.failures == 0 && now - asked.sent < SOON;
    }
}
