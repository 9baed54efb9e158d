package io.covey.cluster.spi;

import io.covey.cluster.spi.TaskBroker.Failure;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Looks into queues without changing them. */
public interface TaskInspector {

    /**
     * The queues known to the backend, by name.
     *
     * @return what is in each
     */
    CompletionStage<List<QueueInfo>> queues();

    /**
     * The names of the queues that ever had tasks, of any make. Cheap.
     *
     * @return the names
     */
    default CompletionStage<Set<String>> names() {
        return queues().thenApply(all -> all.stream().map(QueueInfo::queue).collect(Collectors.toUnmodifiableSet()));
    }

    /**
     * What does not belong to one queue.
     *
     * @return {@code delayed} (those that {@link QueueInfo} does not count), {@code failed} and perhaps more, each with its
     *     count
     */
    CompletionStage<Map<String, Long>> totals();

    /**
     * Failed tasks, oldest first.
     *
     * @param offset how many to skip
     * @param limit how many at most
     * @return the failures
     */
    CompletionStage<List<FailedTask>> failed(long offset, int limit);

    /**
     * What is in a queue.
     *
     * @param queue its name
     * @param waiting tasks that wait, those to be run again included
     * @param active tasks that are leased
     * @param retry tasks that wait for their retry
     * @param delayed tasks that wait for their time, where the backend counts them by queue
     * @param paused whether nothing is handed out
     */
    record QueueInfo(String queue, long waiting, long active, long retry, long delayed, boolean paused) {

        /**
         * A queue without delayed tasks, not paused.
         *
         * @param queue its name
         * @param waiting tasks that wait
         * @param active tasks that are leased
         * @param retry tasks that wait for their retry
         */
        public QueueInfo(String queue, long waiting, long active, long retry) {
            this(queue, waiting, active, retry, 0, false);
        }
    }

    /**
     * A task that has failed.
     *
     * @param queue where it was
     * @param failure why it failed
     * @param entry what the backend knows it by, see {@link QueueControl#retry}
     */
    record FailedTask(String queue, Failure failure, byte[] entry) {

        /**
         * One that cannot be named to the backend.
         *
         * @param queue where it was
         * @param failure why it failed
         */
        public FailedTask(String queue, Failure failure) {
            this(queue, failure, new byte[0]);
        }
    }
}
